from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from appliance.operations.supervisor import stop_running


class Command(BaseCommand):
    help = "Stop the processes that `up` runs; nothing happens when none do."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = stop_running(settings.RUN_DIR)
        if settings.EMBEDDED_POSTGRES is not None:
            settings.EMBEDDED_POSTGRES.stop()
        self.stdout.write("Strongroom is stopped." if stopped else "Strongroom was not running.")
