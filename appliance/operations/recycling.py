"""A worker that has grown too large ends between two jobs; whoever keeps the box running starts it afresh.

Celery's own bounds (`--max-memory-per-child`) are for children of a pool; our workers are one process each. Mapped
files, such as the weights of a model, do not count: the system takes their memory back by itself when it needs it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from celery.signals import task_postrun
from celery.worker import state as worker_state
from django.conf import settings

log = logging.getLogger(__name__)

JOBS_AT_LEAST = 10
"""A worker that is large from its first job on must not begin anew with each."""


def own_memory(pid: int | str = "self") -> int:
    """Bytes that only this process has, in memory and swapped out."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return sum(int(kib) * 1024 for kib in re.findall(r"^(?:RssAnon|VmSwap):\s+(\d+) kB", told, re.MULTILINE))


@dataclass
class Recycler:
    """`stop` makes the worker end once the job in hand is acknowledged."""

    measure: Callable[[], int]
    stop: Callable[[], None]
    jobs: int = 0

    def job_done(self, most_bytes: int) -> None:
        """`most_bytes`: 0 is no bound."""
        self.jobs += 1
        if not most_bytes or self.jobs < JOBS_AT_LEAST:
            return
        bytes_now = self.measure()
        if bytes_now > most_bytes:
            log.warning("this worker has grown to %d MiB and is started afresh", bytes_now >> 20)
            self.stop()


def _stop_worker() -> None:
    worker_state.should_stop = os.EX_OK


_recycler = Recycler(own_memory, _stop_worker)


@task_postrun.connect
def _look(**kwargs: Any) -> None:
    _recycler.job_done(settings.WORKER_MEMORY_BYTES)
