"""Work on the store of models: the long part in the worker of training, the quick part in that of upkeep."""

from __future__ import annotations

import logging

from celery import shared_task

from appliance.audit.context import Actor, acting_as
from appliance.documents.errors import InternalError
from appliance.retraining.registry import jobs, working
from appliance.retraining.registry.jobs import Claim, StaleClaim
from appliance.retraining.registry.workshop import Workshop
from extraction.errors import StrongroomError

log = logging.getLogger(__name__)


@shared_task
def work_on_model_job(job_id: int) -> None:
    # Loaded on use: converting and measuring bring libraries that the other workers do without.
    from appliance.retraining.registry.heavy import BoxWorkshop

    work_on(job_id, BoxWorkshop())


@shared_task
def sweep_model_jobs() -> None:
    """Rings for what nobody works on, and ends what was tried too often."""
    with acting_as(Actor("registrar", "worker")):
        working.give_up_lost()
    for job in jobs.without_lease():
        jobs.ring(job)


def work_on(job_id: int, workshop: Workshop) -> bool:
    """False when somebody else has the job, or it has ended."""
    with acting_as(Actor("registrar", "worker")):
        claim = jobs.take(job_id)
        if claim is not None:
            guarded(claim, workshop)
    return claim is not None


def guarded(claim: Claim, workshop: Workshop, *, heard: working.Heard = lambda share, words: None) -> None:
    """Do the work while the lease is kept alive. Whatever goes wrong is told to who asked."""
    try:
        with jobs.kept_alive(claim):
            working.do(claim, workshop, heard=heard)
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
    except StrongroomError as error:
        log.info("model job %s: %s", claim.job.pk, error.code)
        _tell_failure(claim, error)
    except Exception as error:  # the task wrapper: any bug must end in a state that a person can see
        log.exception("model job %s", claim.job.pk)
        _tell_failure(claim, InternalError(repr(error)))


def _tell_failure(claim: Claim, error: StrongroomError) -> None:
    try:
        working.fail(claim, error)
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
