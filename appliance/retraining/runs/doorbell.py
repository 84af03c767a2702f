"""Telling the worker that a run waits. A lost ring costs time, never work: the sweeper rings again."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction

from appliance.ringing import may_get_lost

TASK = "appliance.retraining.runs.tasks.work_on_run"
QUEUE = "train"

log = logging.getLogger(__name__)


def ring(run_id: int) -> None:
    with may_get_lost(log, f"run {run_id} waits for the sweeper"):
        current_app.send_task(TASK, args=[run_id], queue=QUEUE)


def ring_after_commit(run_id: int) -> None:
    transaction.on_commit(lambda: ring(run_id))
