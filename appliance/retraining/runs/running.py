"""The stages of a run in order, and the ways in which it can end or pause."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from appliance.audit.actions import Action
from appliance.retraining.models import RunState, StepName
from appliance.retraining.runs import leases
from appliance.retraining.runs.children import Halted
from appliance.retraining.runs.errors import ChildKilled, NoProgress, RunBroken, told
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.leases import BACK_OFF, Claim
from appliance.retraining.runs.options import Options
from appliance.retraining.runs.records import change
from appliance.retraining.runs.stages.convert import convert
from appliance.retraining.runs.stages.judge import judge
from appliance.retraining.runs.stages.keep import keep
from appliance.retraining.runs.stages.measure import measure
from appliance.retraining.runs.stages.prepare import prepare
from appliance.retraining.runs.stages.teach import teach
from appliance.retraining.runs.stages.tune import tune
from appliance.retraining.runs.work import ASKED, OUT_OF_HOURS, TAKEN, Work, taken
from appliance.retraining.runs.workshop import Workshop
from extraction.errors import StrongroomError

STAGES: tuple[Callable[[Work], None], ...] = (prepare, teach, tune, convert, measure, judge, keep)
"""Each does what is left of its steps, so a run that was cut short goes on where it stood."""

MAY_PASS = (ChildKilled, RunBroken)
MADE_OF_TEXT = (StepName.PREPARE, StepName.TEACH, StepName.EVALUATE)


def go_on(claim: Claim, workshop: Workshop) -> None:
    """From where the run stands to its end. Raises Halted, StaleClaim or a StrongroomError."""
    if claim.is_one_too_many:
        raise NoProgress
    _note_begun(claim)
    work = taken(claim, workshop)
    _regain_texts(work)
    for stage in STAGES:
        work.pause_if_due()
        stage(work)
    _finish(claim)


def pause(claim: Claim, halted: Halted) -> None:
    """Raises StaleClaim."""
    if halted.reason == TAKEN:
        return
    with leases.holding(claim) as run:
        run.steps.filter(state=RunState.RUNNING).update(state=RunState.WAITING)
        if halted.reason == ASKED:
            leases.write(claim, state=RunState.STOPPED, stop_asked=False, lease_until=None)
            return
        window = Options.from_json(run.options).window
        opening = window.next_opening(timezone.now()) if window else None
        quiet = {"state": RunState.WAITING, "lease_until": None, "attempt": 0, "not_before": opening}
        if halted.reason == OUT_OF_HOURS:
            change(run, Action.RUN_STOPPED, reason=f"outside of its hours, {window}", values=quiet)
        else:  # the worker itself ends: nobody stopped the run, and the next worker goes on with it
            leases.write(claim, **quiet)


def fail(claim: Claim, error: StrongroomError) -> None:
    """Put it back where the cause may pass, else end it with the reason. Raises StaleClaim."""
    with leases.holding(claim) as run:
        if isinstance(error, MAY_PASS) and not claim.is_last_attempt:
            run.steps.filter(state=RunState.RUNNING).update(state=RunState.WAITING)
            leases.write(claim, state=RunState.WAITING, lease_until=timezone.now() + BACK_OFF * claim.attempt)
            return
        code, sentence = told(error)
        run.steps.filter(state=RunState.RUNNING).update(state=RunState.FAILED, finished_at=timezone.now())
        why = {"error_code": code, "error_detail": sentence}
        ended = {"state": RunState.FAILED, "lease_until": None, "finished_at": timezone.now()}
        change(run, Action.RUN_FAILED, reason=code, values=why | ended)


def _regain_texts(work: Work) -> None:
    """Texts lie in memory. Where the machine was started anew since, the steps that made them are done again."""
    if work.folder.exists and not work.folder.texts.is_dir():
        with leases.holding(work.claim) as run:
            run.steps.filter(name__in=MADE_OF_TEXT, state=RunState.DONE).update(state=RunState.WAITING)


def _note_begun(claim: Claim) -> None:
    with leases.holding(claim) as run:
        if run.started_at is None:
            change(run, Action.RUN_STARTED, values={"started_at": timezone.now()})
        elif claim.attempt > 1:
            change(run, Action.RUN_RESUMED, reason=f"after a failure, attempt {claim.attempt}")


def _finish(claim: Claim) -> None:
    with leases.holding(claim) as run:
        passed = bool(run.verdict and run.verdict.get("passed"))
        digests = {f"candidate {one.quantization}": one.model_digest for one in run.measured.filter(is_candidate=True)}
        reason = "passed" if passed else "refused"
        done = {"state": RunState.DONE, "stop_asked": False, "lease_until": None, "finished_at": timezone.now()}
        change(run, Action.RUN_FINISHED, reason=reason, digests=digests, values=done)
    RunFolder.of(claim.run_id).remove()
