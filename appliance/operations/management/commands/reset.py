from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

OURS = (
    "postgres",
    "blobs",
    "run",
    "log",
    "static",
    "keys",
    "anchors",
    "retraining",
    "memory",
    "secret_key",
    "postgres.start.lock",
    "postgres.users.lock",
)


class Command(BaseCommand):
    help = "Delete all documents, people and records of this box after asking. Models in the store stay."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = settings.DATA_DIR
        if not options["force"] and not self._confirmed(folder):
            raise CommandError("Nothing was deleted.")
        call_command("down", stdout=self.stdout)
        for name in OURS:
            self._delete(folder / name)
        self._delete(settings.MEMORY_DIR)
        self.stdout.write(f"Deleted the data in {folder}.")

    def _confirmed(self, folder: Path) -> bool:
        self.stdout.write(f"This deletes every document, person and record in {folder}. Type yes to go on: ", ending="")
        self.stdout.flush()
        try:
            return input().strip().lower() == "yes"
        except EOFError:
            return False

    def _delete(self, path: Path) -> None:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
