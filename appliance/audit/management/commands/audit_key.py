from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from appliance.audit.key_files import KeysMissing
from appliance.audit.log.key_history import current_key, first_key
from appliance.audit.log.rotation import RotationUnderWay, rotate_key
from appliance.audit.log.stored_tree import TreeDamaged
from appliance.audit.tree.notes import PublicKey


class Command(BaseCommand):
    help = "Show the public keys of the audit log, or change to a new key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("show", "rotate"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._show() if options["act"] == "show" else self._rotate()
        except (KeysMissing, TreeDamaged) as error:
            raise CommandError(str(error)) from error
        except RotationUnderWay as error:
            raise CommandError("A change of the key is under way already. See that the sequencer runs.") from error

    def _show(self) -> None:
        first, now = first_key(), current_key()
        self._print("The log's first key, the one to write down and keep:", first)
        if now != first:
            self._print("The key that signs now:", now)

    def _rotate(self) -> None:
        self._print(
            "The new key signs from the next checkpoint on; the old one vouches for it in the log:", rotate_key()
        )

    def _print(self, words: str, key: PublicKey) -> None:
        self.stdout.write(f"{words}\n  {key.line}\n  fingerprint {key.fingerprint}")
