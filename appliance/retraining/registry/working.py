"""Doing what was asked for. What comes of it, its record in the log and the end of the job are one transaction.

A removal is recorded before the bytes go: the other order could lose a model of which the log says that it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from appliance.retraining.registry import jobs
from appliance.retraining.registry.doing import DOERS
from appliance.retraining.registry.errors import StoppedByHand
from appliance.retraining.registry.jobs import Claim
from appliance.retraining.registry.models import JobKind, JobState
from appliance.retraining.registry.outcomes import place_of, record_done, record_failure
from appliance.retraining.registry.workshop import Workshop
from extraction.errors import StrongroomError

Heard = Callable[[float, str], None]


def do(claim: Claim, workshop: Workshop, *, heard: Heard = lambda share, words: None) -> None:
    """`heard` gets how far it is. Raises StaleClaim, and StrongroomError for what `fail` then tells."""
    done = DOERS[JobKind(claim.job.kind)](claim, workshop, Teller(claim, heard))
    with transaction.atomic():
        jobs.hold(claim)
        if done.keep is not None:
            done.keep()
        if not done.is_recorded:
            record_done(claim.job, done)
        jobs.end(claim, JobState.DONE, result=dict(done.result))
    place_of(claim.job).remove()


@transaction.atomic
def fail(claim: Claim, error: StrongroomError) -> None:
    """Keep and record why it came to nothing. Raises StaleClaim."""
    jobs.hold(claim)
    record_failure(claim.job, error.code)
    state = JobState.STOPPED if isinstance(error, StoppedByHand) else JobState.FAILED
    jobs.end(claim, state, error_code=error.code, error_detail=_told(error))
    transaction.on_commit(place_of(claim.job).remove)


@transaction.atomic
def give_up_lost() -> int:
    """End the jobs whose workers died again and again; their number."""
    lost = jobs.give_up_exhausted()
    for job in lost:
        record_failure(job, "worker_lost")
        job.state, job.lease_until, job.error_code = JobState.FAILED, None, "worker_lost"
        job.error_detail = "The worker ended three times in the midst of it. See what it printed, and the memory."
        job.save()
    return len(lost)


@dataclass
class Teller:
    """Keeps for the pages how far a job is, and stops it when somebody asked for that."""

    claim: Claim
    heard: Heard
    _share: float = 0.0
    _words: str = ""

    def __call__(self, share: float | None = None, words: str = "") -> None:
        """Raises StoppedByHand."""
        if share is not None:
            self._share, self._words = share, words
            self.heard(share, words)
        if not jobs.tell(self.claim, self._share, self._words):
            raise StoppedByHand


def _told(error: StrongroomError) -> str:
    return " ".join(part for part in (error.sentence, error.detail[:2000], error.next_step) if part)
