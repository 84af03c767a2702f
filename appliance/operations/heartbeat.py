"""Each worker says every few seconds that it lives, from its own thread, so a long document does not silence it."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from celery.signals import worker_ready, worker_shutdown, worker_shutting_down
from django.db import DatabaseError, connection
from django.utils import timezone

from appliance.documents.models import Stage
from appliance.operations.models import WorkerHeartbeat
from extraction.errors import ReadingError
from extraction.read.boundary import standing_protections
from extraction.read.limits import Limits

BEAT_SECONDS = 5.0
GONE_AFTER_SECONDS = 20.0
TRIAL_SECONDS = 15.0
FAREWELL_SECONDS = 5.0
THREAD = "heartbeat"

_stop = threading.Event()


def beat(
    name: str, *, pid: int, started_at: datetime, holds: Sequence[str] = (), protections: Sequence[str] = ()
) -> None:
    """Writes the row of this worker, queue@host; raises DatabaseError when the database is away."""
    values = {
        "queue": name.partition("@")[0],
        "pid": pid,
        "started_at": started_at,
        "seen_at": timezone.now(),
        "holds": list(holds),
        "protections": list(protections),
    }
    WorkerHeartbeat.objects.update_or_create(name=name, defaults=values)


def silence(name: str) -> None:
    WorkerHeartbeat.objects.filter(name=name).delete()


def models_in_memory() -> dict[str, list[str]]:
    """Digest -> names of the living workers that hold the model."""
    since = timezone.now() - timedelta(seconds=GONE_AFTER_SECONDS)
    held: dict[str, list[str]] = {}
    for worker in WorkerHeartbeat.objects.filter(seen_at__gt=since):
        for digest in worker.holds:
            held.setdefault(digest, []).append(worker.name)
    return held


def protections_of(name: str) -> list[str]:
    """Of a reading worker: the walls around a reading process that it starts here and now; none where that fails."""
    if name.partition("@")[0] != Stage.READ:
        return []
    try:
        return sorted(standing_protections(Limits(base_seconds=TRIAL_SECONDS)))
    except ReadingError:
        return []


def _keep_beating(name: str) -> None:
    # Loaded on use: the engine is heavy, and processes that are no workers ask only for the constants.
    from appliance.documents.engine import model_holder

    started_at = timezone.now()
    protections = protections_of(name)
    while True:
        try:
            beat(name, pid=os.getpid(), started_at=started_at, holds=model_holder.held(), protections=protections)
        except DatabaseError:
            connection.close()  # the next beat opens a fresh connection
        if _stop.wait(BEAT_SECONDS):
            break
    try:
        silence(name)
    except DatabaseError:
        pass  # its age will tell
    connection.close()


@worker_ready.connect
def _start(sender: Any, **kwargs: Any) -> None:
    name = str(sender.hostname)
    _stop.clear()
    threading.Thread(target=_keep_beating, args=(name,), name=THREAD, daemon=True).start()


@worker_shutting_down.connect
def _end(**kwargs: Any) -> None:
    _stop.set()


@worker_shutdown.connect
def _wait_for_farewell(**kwargs: Any) -> None:
    """A busy machine may let the process end before its thread has taken the row away."""
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join(FAREWELL_SECONDS)
