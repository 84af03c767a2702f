"""Try-outs, on the worker that holds the language model."""

from __future__ import annotations

import logging

from celery import shared_task

from appliance.audit.context import Actor, acting_as
from appliance.documents import jobs
from appliance.documents.errors import InternalError
from appliance.documents.jobs import StaleClaim
from appliance.documents.lease_keeper import kept_alive
from appliance.retraining.serving import shadowing
from appliance.retraining.serving.shadowing import ShadowWork

log = logging.getLogger(__name__)


@shared_task(name="appliance.retraining.serving.tasks.try_out")
def try_out(job_id: int) -> None:
    with acting_as(Actor("shadow", "worker")):
        work = shadowing.begin_try_out(job_id=job_id)
        if work is not None:
            _guarded(work)


def _guarded(work: ShadowWork) -> None:
    """Try out while the lease is kept alive. Whatever goes wrong ends this job and nothing else."""
    try:
        with kept_alive(work.claim):
            shadowing.try_out(work)
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
    except Exception:  # the task wrapper: a try-out must never trouble the document that it read
        log.exception("try-out of job %s", work.claim.job_id)
        _give_up(work)


def _give_up(work: ShadowWork) -> None:
    try:
        jobs.give_up(work.claim, InternalError.code)
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
