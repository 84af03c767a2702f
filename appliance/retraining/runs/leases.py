"""Who works on a run: as with jobs of documents, one conditional update takes it, a lease keeps it, a token guards it.

waiting --take--> running --end--> done | failed | stopped       a take adds one to `attempt`, a step forward clears it:
   ^------ put back ---+                                         so `attempt` counts failures without progress
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from appliance.documents.jobs import StaleClaim, lease
from appliance.retraining.models import RunState, TrainingRun

BACK_OFF = timedelta(seconds=10)
LIVE = (RunState.WAITING, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write about a run, as long as `token` is the run's current one."""

    run_id: int
    attempt: int
    token: int

    @property
    def is_one_too_many(self) -> bool:
        return self.attempt > settings.JOB_MAX_ATTEMPTS

    @property
    def is_last_attempt(self) -> bool:
        return self.attempt >= settings.JOB_MAX_ATTEMPTS


def due(now: datetime) -> QuerySet[TrainingRun]:
    """Runs that nobody works on and whose hour has come, the one asked for first in front."""
    without_lease = Q(lease_until=None) | Q(lease_until__lt=now)
    in_its_hours = Q(not_before=None) | Q(not_before__lte=now)
    return TrainingRun.objects.filter(without_lease, in_its_hours, state__in=LIVE).order_by("asked_at", "pk")


@transaction.atomic
def take(run_id: int) -> Claim | None:
    """None where another worker has it, its hour has not come, or another run is at work: one trains at a time."""
    now = timezone.now()
    _one_at_a_time()
    at_work = TrainingRun.objects.filter(state=RunState.RUNNING, lease_until__gte=now)
    if at_work.exists():
        return None
    changed = (
        due(now)
        .filter(pk=run_id)
        .update(
            state=RunState.RUNNING,
            attempt=F("attempt") + 1,
            fencing_token=F("fencing_token") + 1,
            lease_until=now + lease(),
            not_before=None,
        )
    )
    if not changed:
        return None
    run = TrainingRun.objects.get(pk=run_id)
    return Claim(run.pk, run.attempt, run.fencing_token)


def renew(claim: Claim) -> bool:
    """Make the lease longer. False when the run is not held by this claim any more."""
    return bool(held(claim).update(lease_until=timezone.now() + lease()))


def held(claim: Claim) -> QuerySet[TrainingRun]:
    return TrainingRun.objects.filter(pk=claim.run_id, state=RunState.RUNNING, fencing_token=claim.token)


def write(claim: Claim, **values: Any) -> None:
    """Change the run's row. Raises StaleClaim."""
    if not held(claim).update(**values):
        raise StaleClaim(f"run {claim.run_id} is not held by token {claim.token}")


@contextmanager
def holding(claim: Claim) -> Iterator[TrainingRun]:
    """A transaction in which the run is locked and still ours. Raises StaleClaim."""
    with transaction.atomic():
        run = held(claim).select_for_update().first()
        if run is None:
            raise StaleClaim(f"run {claim.run_id} is not held by token {claim.token}")
        yield run


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('retraining.runs', 0))")
