"""Each worker says every few seconds that it lives, from its own thread, so a long document does not silence it."""

from __future__ import annotations

import os
import threading
from datetime import datetime
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.db import DatabaseError, connection
from django.utils import timezone

from appliance.operations.models import WorkerHeartbeat

BEAT_SECONDS = 5.0
GONE_AFTER_SECONDS = 20.0

_stop = threading.Event()


def beat(name: str, *, queue: str, pid: int, started_at: datetime) -> None:
    """Writes the row of this worker; raises DatabaseError when the database is away."""
    values = {"queue": queue, "pid": pid, "started_at": started_at, "seen_at": timezone.now()}
    WorkerHeartbeat.objects.update_or_create(name=name, defaults=values)


def silence(name: str) -> None:
    WorkerHeartbeat.objects.filter(name=name).delete()


def _keep_beating(name: str, queue: str) -> None:
    started_at = timezone.now()
    while True:
        try:
            beat(name, queue=queue, pid=os.getpid(), started_at=started_at)
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
    """Workers are named queue@host on their command line."""
    name = str(sender.hostname)
    _stop.clear()
    threading.Thread(target=_keep_beating, args=(name, name.partition("@")[0]), name="heartbeat", daemon=True).start()


@worker_shutting_down.connect
def _end(**kwargs: Any) -> None:
    _stop.set()
