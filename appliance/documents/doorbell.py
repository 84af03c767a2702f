"""Telling a worker that a job waits. A lost ring costs time, never work: the sweeper rings again."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction

from appliance.documents.models import Job, Stage
from appliance.ringing import may_get_lost

TASKS = {
    Stage.READ: "appliance.documents.tasks.read_document",
    Stage.EXTRACT: "appliance.documents.tasks.extract_document",
    Stage.REPLAY: "appliance.audit.dossier.tasks.replay_extraction",
    Stage.SHADOW: "appliance.retraining.serving.tasks.try_out",
}
QUEUES = {Stage.READ: "read", Stage.EXTRACT: "extract", Stage.REPLAY: "extract", Stage.SHADOW: "extract"}

log = logging.getLogger(__name__)


def ring(job: Job) -> None:
    """Send the job's id to the queue of its stage."""
    stage = Stage(job.stage)
    with may_get_lost(log, f"job {job.pk} waits for the sweeper"):
        current_app.send_task(TASKS[stage], args=[job.pk], queue=QUEUES[stage])


def ring_after_commit(job: Job) -> None:
    transaction.on_commit(lambda: ring(job))
