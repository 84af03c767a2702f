"""Keeps a claim's lease alive from a thread of its own while the worker is deep in one document."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from appliance.documents import jobs
from appliance.documents.jobs import Claim

log = logging.getLogger(__name__)


@contextmanager
def kept_alive(claim: Claim) -> Iterator[None]:
    """Renew the lease three times per lease until the block ends, but never longer than a task may run."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(claim, stop), name=f"lease of job {claim.job_id}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def _keep(claim: Claim, stop: threading.Event) -> None:
    # A worker that hangs must lose its lease, or nobody else would ever try.
    latest = time.monotonic() + settings.CONFIGURATION.task_time_limit_seconds
    try:
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3) and time.monotonic() < latest:
            if not _renewed(claim):
                break
    finally:
        connection.close()


def _renewed(claim: Claim) -> bool:
    try:
        return jobs.renew(claim)
    except DatabaseError:
        log.warning("the lease of job %s could not be renewed; trying again", claim.job_id)
        connection.close()
        return True
