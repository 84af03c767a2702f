"""Starts the embedded PostgreSQL again when it has died under the box; its log of changes brings every commit back."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from appliance.operations.children import say
from appliance.operations.postgres import EmbeddedPostgres, PostgresFailed

LOOK_EVERY_SECONDS = 1.0


@dataclass
class DatabaseKeeper:
    """`server` is None where the database is somebody else's: then nothing is looked at."""

    server: EmbeddedPostgres | None
    _next_look: float = 0.0

    def look(self) -> None:
        if self.server is None or time.monotonic() < self._next_look:
            return
        try:
            if not self.server.lives():
                say("database", "is gone; starting it again")
                self.server.start()
        except (
            PostgresFailed,
            psycopg.OperationalError,
        ) as error:  # the backends of the one that died may still be ending: the next look
            say("database", str(error))
        self._next_look = time.monotonic() + LOOK_EVERY_SECONDS
