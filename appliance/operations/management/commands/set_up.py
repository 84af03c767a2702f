from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appliance.operations.set_up import prepare
from appliance.sealing.errors import SealingError


class Command(BaseCommand):
    help = "Migrate the database, collect the pages' assets, publish the shipped types, install the starter model."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare(lambda line: self.stdout.write(f"  {line}"))
        except SealingError as error:
            raise CommandError(str(error)) from error
