"""Work on the store in line: asked for, taken for a lease, kept alive while it goes on, ended.

waiting --take--> running --end--> done | failed | stopped      a take adds one to `attempt`; who holds an older token
   ^---- lease ran out ---+                                     can write nothing any more
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from appliance.retraining.registry.models import JobState, ModelJob
from appliance.ringing import may_get_lost

TASK = "appliance.retraining.registry.tasks.work_on_model_job"
LIVE = (JobState.WAITING, JobState.RUNNING)
LEASE = timedelta(seconds=60)
RENEW_SECONDS = 15.0
RING_SECONDS = 60
"""A ring that nobody answered by then is worth nothing: newer ones are on their way."""
MOST_ATTEMPTS = 3
log = logging.getLogger(__name__)


class StaleClaim(Exception):
    """The lease ran out and somebody else has the job, or it was ended: what was made is thrown away."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write the end of a job, as long as `token` is the job's current one."""

    job: ModelJob
    token: int


def one_at_a_time() -> None:
    """Until the end of the transaction: two who ask for the same at the same moment wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('retraining.registry', 0))")


def ring_after_commit(job: ModelJob) -> None:
    transaction.on_commit(lambda: ring(job))


def ring(job: ModelJob) -> None:
    """A lost ring costs time, never work: the sweeper rings again, so rings do not pile up behind a long training."""
    queue = "upkeep" if job.is_quick else "train"
    with may_get_lost(log, f"work {job.pk} on a model waits for the sweeper"):
        current_app.send_task(TASK, args=[job.pk], queue=queue, expires=RING_SECONDS)


def without_lease() -> QuerySet[ModelJob]:
    """Jobs that nobody works on: never taken, or left by a worker that died."""
    now = timezone.now()
    return ModelJob.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=LIVE)


def take(job_id: int) -> Claim | None:
    """One conditional UPDATE: exactly one of many workers gets the claim, the others None."""
    now = timezone.now()
    changed = (
        without_lease()
        .filter(pk=job_id, attempt__lt=MOST_ATTEMPTS)
        .update(
            state=JobState.RUNNING,
            attempt=F("attempt") + 1,
            fencing_token=F("fencing_token") + 1,
            lease_until=now + LEASE,
            started_at=now,
        )
    )
    if not changed:
        return None
    job = ModelJob.objects.select_related("asked_by").get(pk=job_id)
    return Claim(job, job.fencing_token)


def hold(claim: Claim) -> None:
    """Lock the job for the transaction that writes its end. Raises StaleClaim."""
    if not _held(claim).select_for_update().exists():
        raise StaleClaim(f"job {claim.job.pk} is not held by token {claim.token}")


def end(claim: Claim, state: JobState, **columns: Any) -> None:
    """Raises StaleClaim."""
    if not _held(claim).update(state=state, lease_until=None, finished_at=timezone.now(), **columns):
        raise StaleClaim(f"job {claim.job.pk} is not held by token {claim.token}")


def tell(claim: Claim, share: float, words: str) -> bool:
    """Keep how far it is, for the pages, and the lease alive. False when it is asked to stop, or not ours any more."""
    progress = {"share": round(min(max(share, 0.0), 1.0), 4), "words": words[:200]}
    told = _held(claim).filter(stop_asked=False).update(progress=progress, lease_until=timezone.now() + LEASE)
    return bool(told)


def give_up_exhausted() -> list[ModelJob]:
    """Jobs that died with their worker too often; locked for the transaction that ends them."""
    return list(without_lease().filter(attempt__gte=MOST_ATTEMPTS).select_for_update(skip_locked=True))


@contextmanager
def kept_alive(claim: Claim) -> Iterator[None]:
    """Renews the lease from a thread of its own until the block ends."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(claim, stop), name=f"lease of model job {claim.job.pk}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def live_on(subject: str) -> ModelJob | None:
    return ModelJob.objects.filter(subject=subject, state__in=LIVE).first()


def _keep(claim: Claim, stop: threading.Event) -> None:
    try:
        while not stop.wait(RENEW_SECONDS) and _renewed(claim):
            pass
    finally:
        connection.close()


def _renewed(claim: Claim) -> bool:
    try:
        return bool(_held(claim).update(lease_until=timezone.now() + LEASE))
    except DatabaseError:
        connection.close()  # the next renewal opens a fresh connection
        return True


def _held(claim: Claim) -> QuerySet[ModelJob]:
    return ModelJob.objects.filter(pk=claim.job.pk, state=JobState.RUNNING, fencing_token=claim.token)
