from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from appliance.sealing import keyset, rotation
from appliance.sealing.errors import SealingError


class Command(BaseCommand):
    help = "Give the box a new key for the documents' data keys; one that was cut short goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove-old", action="store_true", help="forget the old keys when nothing needs them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._rotate(remove_old=options["remove_old"])
        except rotation.StillInUse as error:
            raise CommandError("Documents came meanwhile. Run it again.") from error
        except SealingError as error:
            raise CommandError(str(error)) from error

    def _rotate(self, *, remove_old: bool) -> None:
        if rotation.is_under_way():
            self.stdout.write("A rotation that was cut short goes on.")
        elif not (remove_old and len(keyset.current().ids) > 1):
            self.stdout.write(f"New key {rotation.begin()}.")
        count = rotation.rewrap_all(lambda done: self.stdout.write(f"  {done} data keys"))
        self.stdout.write(f"{count} data keys are encrypted under key {keyset.current().primary}.")
        if remove_old:
            self.stdout.write(f"{len(rotation.remove_old())} old keys removed.")
        self.stdout.write(f"Copy {keyset.path()} to where its copy is kept: older copies do not open this box.")
