from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appliance.audit.log.reconcile import reconcile


class Command(BaseCommand):
    help = "Compare the log with the records of the box: every change has one entry, every entry its place."

    def handle(self, *args: Any, **options: Any) -> None:
        made = reconcile()
        for finding in made.findings:
            self.stdout.write(finding)
        self.stdout.write(f"{made.events} entries, {made.subjects} objects, {made.finding_count} findings")
        if made.finding_count:
            raise CommandError("The log and the records of the box differ: tell the compliance officer.")
