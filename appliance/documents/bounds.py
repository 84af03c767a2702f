"""How long a worker may hold one job: not longer than a task may take, and not long once it was asked to stop.

A worker is one process with one thread that works (the solo pool), so nothing but the end of the process ends a run
that never ends; Celery's own time limits need a pool of children. The box starts the process again.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass

from celery.signals import worker_ready, worker_shutting_down

log = logging.getLogger(__name__)

LEAVE_SECONDS = 8.0
"""For the document in hand once the worker was asked to stop; supervisor and containers are more patient."""
LOOK_EVERY_SECONDS = 0.2

leaving = threading.Event()
"""Set when this worker was asked to stop."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds for the whole, and for what is left once the worker shall stop. `end` ends this very process."""

    longest: float
    leave_within: float = LEAVE_SECONDS
    end: Callable[[], None] = lambda: os._exit(os.EX_TEMPFAIL)


@contextmanager
def bounded(bounds: Bounds, *, too_long: Callable[[], None], put_back: Callable[[], None]) -> Iterator[None]:
    """Watch the block from a thread. When it takes `too_long`, or has to be `put_back`, that is called, and then this
    process ends: the block may be stuck in code that nothing interrupts."""
    done = threading.Event()
    context = copy_context()  # who acts must be recorded rightly from the other thread, too
    arguments = (bounds, too_long, put_back, done)
    watcher = threading.Thread(target=context.run, args=(_watch, *arguments), name="bounds", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(bounds: Bounds, too_long: Callable[[], None], put_back: Callable[[], None], done: threading.Event) -> None:
    latest, left_by = time.monotonic() + bounds.longest, None
    while not done.wait(LOOK_EVERY_SECONDS):
        now = time.monotonic()
        if leaving.is_set() and left_by is None:
            left_by = now + bounds.leave_within
        if now > latest:
            log.error("a job took longer than %.0f s; this worker ends", bounds.longest)
            _finally(too_long, bounds.end)
        elif left_by is not None and now > left_by:
            log.warning("a job is put back because this worker was asked to stop")
            _finally(put_back, bounds.end)
        else:
            continue
        return


def _finally(act: Callable[[], None], end: Callable[[], None]) -> None:
    """The process ends whatever becomes of the act: the lease of the job runs out by itself."""
    try:
        act()
    finally:
        end()


@worker_ready.connect
def _arrive(**kwargs: object) -> None:
    leaving.clear()


@worker_shutting_down.connect
def _leave(**kwargs: object) -> None:
    leaving.set()
