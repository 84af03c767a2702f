"""How long the box takes to recover: from a fault until all documents that were under way then are in an end state."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from bench.chaos.box import Box

ENDS = ("to_review", "duplicate", "quarantined", "needs_password")
LOOK_EVERY_SECONDS = 0.5
_LIVE = "SELECT id::text FROM documents_document WHERE state <> ALL(%s)"
_JOBS = "SELECT count(*) FROM documents_job WHERE state IN ('waiting', 'running')"


@dataclass
class Fault:
    """`under_way`: ids of the documents that have not reached an end state since; seconds are monotonic."""

    kind: str
    at: float
    under_way: set[str]
    recovered_after: float | None = None


@dataclass
class Watch:
    """Looks at the documents from a connection of its own, through every death of the database."""

    box: Box
    faults: list[Fault] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def under_way(self) -> set[str]:
        while True:
            try:
                with psycopg.connect(self.box.database.url(), connect_timeout=5) as line:
                    return {row[0] for row in line.execute(_LIVE, [list(ENDS)])}
            except psycopg.OperationalError:
                time.sleep(0.2)

    def note(self, kind: str, under_way: set[str], at: float) -> None:
        with self._lock:
            self.faults.append(Fault(kind, at, under_way))

    def run(self) -> None:
        while not self._over.wait(LOOK_EVERY_SECONDS):
            self.look()

    def look(self) -> None:
        live, now = self.under_way(), time.monotonic()
        with self._lock:
            for fault in self.faults:
                if fault.recovered_after is not None:
                    continue
                fault.under_way &= live
                if not fault.under_way:
                    fault.recovered_after = now - fault.at

    def settle(self, seconds: float) -> bool:
        """Waits until no document is under way and no job is live. False when that takes longer."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.under_way() and not self._jobs():
                self.look()
                return True
            time.sleep(LOOK_EVERY_SECONDS)
        return False

    def stop(self) -> None:
        self._over.set()

    def recoveries(self) -> list[float]:
        """Seconds, of the faults that were recovered from."""
        return [fault.recovered_after for fault in self.faults if fault.recovered_after is not None]

    def _jobs(self) -> int:
        try:
            with psycopg.connect(self.box.database.url(), connect_timeout=5) as line:
                row = line.execute(_JOBS).fetchone()
        except psycopg.OperationalError:
            return 1
        return row[0] if row else 0


def percentile(values: Sequence[float], share: int) -> float:
    """`share` in percent, 1..99; 0 when there are no values."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]
