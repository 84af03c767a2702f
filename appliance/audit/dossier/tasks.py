"""Replays, on the worker that holds the language model."""

from __future__ import annotations

import logging

from celery import shared_task

from appliance.audit.context import Actor, acting_as
from appliance.audit.dossier.replaying import Impossible, run_again
from appliance.audit.dossier.replays import ReplayWork, begin_replay, put_back, store_comparison, store_impossible
from appliance.documents.errors import InternalError
from appliance.documents.jobs import StaleClaim
from appliance.documents.lease_keeper import kept_alive

log = logging.getLogger(__name__)


@shared_task
def replay_extraction(job_id: int) -> None:
    with acting_as(Actor("replayer", "worker")):
        work = begin_replay(job_id=job_id)
        if work is not None:
            _guarded(work)


def _guarded(work: ReplayWork) -> None:
    """Replay while the lease is kept alive. Whatever goes wrong is told to who asked."""
    try:
        with kept_alive(work.claim):
            store_comparison(work=work, comparison=run_again(work.replay.extraction))
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
    except Impossible as cause:
        _settle(work, cause, may_pass=False)
    except Exception:  # the task wrapper: any bug must end in a state that a person can see
        log.exception("replay %s", work.replay.pk)
        _settle(work, Impossible(InternalError.code, f"{InternalError.sentence} {InternalError.next_step}"))


def _settle(work: ReplayWork, cause: Impossible, *, may_pass: bool = True) -> None:
    try:
        if not (may_pass and put_back(work=work, code=cause.code)):
            store_impossible(work=work, cause=cause)
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
