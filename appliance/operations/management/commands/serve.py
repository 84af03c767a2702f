from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from appliance.operations.processes import PROCESS_NAMES, all_processes


class Command(BaseCommand):
    help = "Be one process of the box, in place of this command: for containers and service managers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=PROCESS_NAMES)

    def handle(self, *args: Any, **options: Any) -> None:
        settings.RUN_DIR.mkdir(parents=True, exist_ok=True)
        configuration = settings.CONFIGURATION
        processes = all_processes(
            address=f"{configuration.host}:{configuration.port}",
            web_threads=configuration.web_threads,
            run_dir=settings.RUN_DIR,
        )
        command = next(process.command for process in processes if process.name == options["name"])
        os.execv(command[0], command)  # noqa: S606  our own list, no shell
