"""The worker's ways in. A message brings a run's number; the rest is in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.utils import timezone

from appliance.audit.context import Actor, acting_as
from appliance.documents.jobs import StaleClaim
from appliance.documents.lease_keeper import renewed
from appliance.retraining.runs import children, leases, running, schedules
from appliance.retraining.runs.children import Halted
from appliance.retraining.runs.doorbell import ring
from appliance.retraining.runs.errors import RunBroken
from appliance.retraining.runs.leases import Claim
from appliance.retraining.runs.workshop import ModelsStoreWorkshop, Workshop
from extraction.errors import StrongroomError

TRAINER = Actor("trainer", "worker")

log = logging.getLogger(__name__)


@shared_task
def work_on_run(run_id: int) -> None:
    work_on(run_id, ModelsStoreWorkshop())


@shared_task
def sweep_runs() -> None:
    """Every half minute: ring for a run that waits, or whose worker died. One is enough: they go one after another."""
    run = leases.due(timezone.now()).first()
    if run is not None:
        ring(run.pk)


@shared_task
def begin_scheduled_runs() -> None:
    """Every ten minutes: runs of schedules whose night it is and that have enough new documents."""
    with acting_as(Actor("scheduler", "worker")):
        for run in schedules.begin_due_runs(timezone.now()):
            log.info("the schedule asked for run %s", run.pk)


@worker_shutting_down.connect
def _leave(**kwargs: Any) -> None:
    children.leaving.set()


def work_on(run_id: int, workshop: Workshop) -> None:
    """Take the run and go on with it as far as it goes. Whatever goes wrong stands in its row afterwards."""
    claim = leases.take(run_id)
    if claim is None:
        return
    with acting_as(TRAINER), renewed(lambda: leases.renew(claim), name=f"run {run_id}"):
        try:
            running.go_on(claim, workshop)
        except Halted as halted:
            _end(partial(running.pause, claim, halted))
        except StaleClaim as stale:
            log.warning("thrown away: %s", stale)
        except StrongroomError as error:
            log.info("run %s: %s %s", run_id, error.code, error.detail)
            _fail(claim, error)
        except Exception as error:  # the task wrapper: any bug must end in a state that a person can see
            log.exception("run %s", run_id)
            _fail(claim, RunBroken(repr(error)))


def _fail(claim: Claim, error: StrongroomError) -> None:
    _end(partial(running.fail, claim, error))


def _end(write: Callable[[], None]) -> None:
    try:
        write()
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
