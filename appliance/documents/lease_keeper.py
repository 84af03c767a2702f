"""Keeps a claim's lease alive from a thread of its own while the worker is deep in one piece of work."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from appliance.documents import failures, jobs
from appliance.documents.bounds import Bounds, bounded
from appliance.documents.jobs import Claim

log = logging.getLogger(__name__)


@contextmanager
def kept_alive(claim: Claim) -> Iterator[None]:
    """Renew the lease of a job until the block ends. A block that does not end in time ends with this process."""
    longest = settings.CONFIGURATION.task_time_limit_seconds
    with (
        renewed(lambda: jobs.renew(claim), name=f"job {claim.job_id}", longest=longest),
        bounded(
            Bounds(longest),
            too_long=lambda: failures.take_too_long(claim=claim),
            put_back=lambda: failures.hand_back(claim=claim),
        ),
    ):
        yield


@contextmanager
def renewed(renew: Callable[[], bool], *, name: str, longest: float = math.inf) -> Iterator[None]:
    """Call `renew` three times per lease until the block ends, it says False, or `longest` seconds are over."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(renew, name, longest, stop), name=f"lease of {name}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def _keep(renew: Callable[[], bool], name: str, longest: float, stop: threading.Event) -> None:
    latest = time.monotonic() + longest
    try:
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3) and time.monotonic() < latest:
            if not _done(renew, name):
                break
    finally:
        connection.close()


def _done(renew: Callable[[], bool], name: str) -> bool:
    try:
        return renew()
    except DatabaseError:
        log.warning("the lease of %s could not be renewed; trying again", name)
        connection.close()
        return True
