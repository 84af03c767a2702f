"""The queue of record: a job is queued, claimed for a lease, renewed, and finished, put back or given up.

waiting --claim--> running --finish--> done          a claim adds one to `attempt` and takes a new fencing token
   ^------ put back ---+  +--give up-> failed        `hand_back` takes the attempt back, for a worker that must stop
                                                     who holds an older token can write nothing any more
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from appliance.documents.doorbell import ring_after_commit
from appliance.documents.models import Document, Job, JobState, Stage

BACK_OFF = timedelta(seconds=10)
POSTPONED = timedelta(minutes=1)
LIVE = (JobState.WAITING, JobState.RUNNING)


class StaleClaim(Exception):
    """The lease ran out and the job belongs to somebody else now: what this worker made is thrown away."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write the result of a job, as long as `token` is the job's current one."""

    job_id: int
    document_id: UUID
    stage: Stage
    attempt: int
    token: int

    @property
    def is_last_attempt(self) -> bool:
        return self.attempt >= settings.JOB_MAX_ATTEMPTS


def queue(document: Document, stage: Stage) -> Job:
    """Put the document in line and ring after the commit. A job of this stage that is live already is used."""
    job, created = Job.objects.get_or_create(document=document, stage=stage, state__in=LIVE)
    if created:
        ring_after_commit(job)
    return job


def without_lease(now: datetime) -> QuerySet[Job]:
    """Jobs that nobody works on: never started, put back and due, or left by a worker that died."""
    return Job.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=LIVE)


def take(job_id: int) -> Claim | None:
    """One conditional UPDATE: exactly one of many workers gets the claim, the others None."""
    now = timezone.now()
    taken = without_lease(now).filter(pk=job_id, attempt__lt=settings.JOB_MAX_ATTEMPTS)
    changed = taken.update(
        state=JobState.RUNNING,
        attempt=F("attempt") + 1,
        fencing_token=F("fencing_token") + 1,
        lease_until=now + lease(),
        started_at=now,
    )
    if not changed:
        return None
    job = Job.objects.get(pk=job_id)
    return Claim(job.pk, job.document_id, Stage(job.stage), job.attempt, job.fencing_token)


def renew(claim: Claim) -> bool:
    """Make the lease longer. False when the job is not held by this claim any more."""
    return bool(_held(claim).update(lease_until=timezone.now() + lease()))


def hold(claim: Claim) -> None:
    """Lock the job for the transaction that writes its result. Raises StaleClaim."""
    if not _held(claim).select_for_update().exists():
        raise StaleClaim(f"job {claim.job_id} is not held by token {claim.token}")


def finish(claim: Claim) -> None:
    _end(claim, JobState.DONE, "")


def give_up(claim: Claim, error_code: str) -> None:
    _end(claim, JobState.FAILED, error_code)


def put_back(claim: Claim, error_code: str) -> None:
    """Try again later, a little later each time."""
    due = timezone.now() + BACK_OFF * claim.attempt
    if not _held(claim).update(state=JobState.WAITING, lease_until=due, last_error=error_code):
        raise StaleClaim(f"job {claim.job_id} is not held by token {claim.token}")


def hand_back(claim: Claim) -> None:
    """Somebody else may begin at once, and this was no attempt: the worker was asked to stop. Raises StaleClaim."""
    free = {"state": JobState.WAITING, "lease_until": None}
    if not _held(claim).update(attempt=F("attempt") - 1, fencing_token=F("fencing_token") + 1, **free):
        raise StaleClaim(f"job {claim.job_id} is not held by token {claim.token}")


def postpone(job_id: int, error_code: str) -> UUID | None:
    """Leave a job that nobody works on for a while; this is no attempt. Returns its document, None when it is held."""
    now = timezone.now()
    free = without_lease(now).filter(pk=job_id)
    if not free.update(state=JobState.WAITING, lease_until=now + POSTPONED, last_error=error_code):
        return None
    return Job.objects.get(pk=job_id).document_id


def lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _held(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.job_id, state=JobState.RUNNING, fencing_token=claim.token)


def _end(claim: Claim, state: JobState, error_code: str) -> None:
    ended = _held(claim).update(state=state, last_error=error_code, lease_until=None, finished_at=timezone.now())
    if not ended:
        raise StaleClaim(f"job {claim.job_id} is not held by token {claim.token}")
