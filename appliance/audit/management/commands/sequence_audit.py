from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from appliance.audit.key_files import KeysMissing
from appliance.audit.log.sequencer import run
from appliance.audit.log.stored_tree import TreeDamaged
from appliance.audit.log.waiting import sequence_here


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # the supervisor has said it all already
    help = "Put recorded acts into the signed log, sign checkpoints and anchor them; runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one batch, then end")
        parser.add_argument("--pid", type=Path, help="a file for the number of this process")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self._once()
            return
        if options["pid"]:
            options["pid"].write_text(str(os.getpid()), encoding="utf-8")
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run(stop, self._say)

    def _once(self) -> None:
        try:
            sequence_here()
        except (TreeDamaged, KeysMissing) as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
