"""What happens when work on a document fails: it is tried again a few times, then set aside with the reason."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.documents import jobs
from appliance.documents.doorbell import ring
from appliance.documents.errors import DatabaseAway, InternalError, StorageFailed, StorageFull, TookTooLong, WorkerLost
from appliance.documents.jobs import Claim
from appliance.documents.models import Document, Job, JobState, Stage
from appliance.documents.states import State
from appliance.documents.transitions import Step, change, locked
from extraction.errors import (
    ModelUnavailable,
    PasswordNeeded,
    ReaderCrashed,
    StrongroomError,
)

MAY_PASS = (ReaderCrashed, ModelUnavailable, InternalError, StorageFull, StorageFailed, DatabaseAway, TookTooLong)
"""Causes that may be gone next time; all others are the same every time, so they are not tried again."""
WORKER_STOPPED = "worker_stopped"
"""The log's reason for work that was handed back."""
RUNGS = 50
"""Jobs of a stage that one sweep rings for: more than a worker does until the next one."""
RING_AFTER = timedelta(seconds=20)

_STARTED = {Stage.READ: Action.DOCUMENT_READING, Stage.EXTRACT: Action.DOCUMENT_EXTRACTING}
_BACK = {State.READING: State.RECEIVED, State.EXTRACTING: State.READ}


def fail(*, claim: Claim, error: StrongroomError) -> Document:
    """Put the job back for another attempt, or set the document aside. Raises StaleClaim."""
    with transaction.atomic():
        jobs.hold(claim)
        document = locked(claim.document_id)
        if isinstance(error, MAY_PASS) and not claim.is_last_attempt:
            jobs.put_back(claim, error.code)
            step = Step(_STARTED[claim.stage], _BACK[State(document.state)], reason=error.code, outcome=Outcome.FAILED)
            return change(document, step)
        jobs.give_up(claim, error.code)
        return _set_aside(document, error)


def take_too_long(*, claim: Claim) -> None:
    """The worker of this job is about to end, because the job does not. Raises StaleClaim."""
    if claim.stage in _STARTED:  # for replays and try-outs the end of their lease says enough
        fail(claim=claim, error=TookTooLong())


def hand_back(*, claim: Claim) -> None:
    """The worker must stop before the work is done: as if it had never begun. Raises StaleClaim."""
    with transaction.atomic():
        jobs.hand_back(claim)
        if claim.stage in _STARTED:
            document = locked(claim.document_id)
            change(document, Step(_STARTED[claim.stage], _BACK[State(document.state)], reason=WORKER_STOPPED))


def wait_for_model(*, job_id: int, error: ModelUnavailable) -> None:
    """Leave the job for later without counting an attempt. The document says why it waits; the log says it once."""
    with transaction.atomic():
        document_id = jobs.postpone(job_id, error.code)
        if document_id is None:
            return
        document = locked(document_id)
        was_cut_short = document.state == State.EXTRACTING
        if was_cut_short or (document.state == State.READ and document.error_code != error.code):
            to = State.READ if was_cut_short else None
            step = Step(Action.DOCUMENT_EXTRACTING, to, reason=error.code, outcome=Outcome.FAILED)
            change(document, step, error_code=error.code)


def sweep() -> tuple[int, int]:
    """Ring for jobs that nobody works on and give up those that were tried too often: (rung, given up)."""
    waiting = jobs.without_lease(timezone.now())
    exhausted = waiting.filter(attempt__gte=settings.JOB_MAX_ATTEMPTS)
    given_up = sum(_give_up(job_id) for job_id in exhausted.values_list("pk", flat=True))
    rung = 0
    for stage in Stage:
        due = waiting.filter(
            stage=stage, attempt__lt=settings.JOB_MAX_ATTEMPTS, created_at__lt=timezone.now() - RING_AFTER
        )
        for job in due.order_by("created_at")[:RUNGS]:
            ring(job)
            rung += 1
    return rung, given_up


def _give_up(job_id: int) -> bool:
    """A job whose worker died in its last attempt."""
    with transaction.atomic():
        job = jobs.without_lease(timezone.now()).select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None:
            return False
        Job.objects.filter(pk=job_id).update(
            state=JobState.FAILED, last_error=WorkerLost.code, lease_until=None, finished_at=timezone.now()
        )
        if job.stage in _STARTED:  # replays and try-outs look at what was made; the document stays as it is
            _set_aside(locked(job.document_id), WorkerLost())
    return True


def _set_aside(document: Document, error: StrongroomError) -> Document:
    locked_away = isinstance(error, PasswordNeeded) and document.state == State.READING
    to = State.NEEDS_PASSWORD if locked_away else State.QUARANTINED
    step = Step(Action.DOCUMENT_QUARANTINED, to, reason=error.code, outcome=Outcome.FAILED)
    return change(document, step, error_code=error.code)
