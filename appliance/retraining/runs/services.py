"""What a person does to a run: ask for it, stop it, let it go on, throw its files away."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.retraining.models import Part, Preset, RunState, Schedule, Snapshot, TrainingRun
from appliance.retraining.runs import bases
from appliance.retraining.runs.doorbell import ring_after_commit
from appliance.retraining.runs.errors import (
    NotDiscardable,
    NothingToTestOn,
    NothingToTrainOn,
    NotResumable,
    NotStoppable,
)
from appliance.retraining.runs.estimates import estimate_of
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.options import Options, of_preset
from appliance.retraining.runs.plan import plan
from appliance.retraining.runs.records import change
from models_store.gate import Policy


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that somebody, or a schedule, asks for."""

    snapshot: Snapshot
    base_digest: str
    preset: Preset = Preset.QUICK
    options: Options = field(default_factory=lambda: of_preset(Preset.QUICK))
    schedule: Schedule | None = None


@transaction.atomic
def ask_run(*, by: Person | None, wanted: Wanted) -> TrainingRun:
    """Queue a run. `by`: None where a schedule asks or an operator on the machine itself.

    Raises NothingToTrainOn, NothingToTestOn, NotTrainable or MemoryTooSmall.
    """
    check_snapshot(wanted.snapshot)
    base = bases.trainable(wanted.base_digest)
    estimate = estimate_of(wanted.snapshot, base, wanted.options)
    estimate.check_memory()
    window = wanted.options.window
    run = TrainingRun.objects.create(
        snapshot=wanted.snapshot,
        base_digest=wanted.base_digest,
        preset=wanted.preset,
        options=wanted.options.as_json(),
        policy=Policy().model_dump(mode="json"),
        estimate=estimate.as_json(),
        not_before=window.next_opening(timezone.now()) if window else None,
        schedule=wanted.schedule,
        asked_by=by,
    )
    plan(run, wanted.options, has_model_in_force=bases.in_force() is not None)
    reason = f"schedule of {wanted.schedule.document_type.name}" if wanted.schedule else f"{wanted.preset} settings"
    change(run, Action.RUN_ASKED, reason=reason)
    ring_after_commit(run.pk)
    return run


@transaction.atomic
def stop_run(*, by: Person | None, run_id: int) -> TrainingRun:
    """Stop at once where nobody works on it, else at the worker's next look, a few seconds later.

    Raises NotStoppable.
    """
    run = _locked(run_id)
    if run.state not in {RunState.WAITING, RunState.RUNNING} or run.stop_asked:
        raise NotStoppable
    reason = f"asked for by {by.username if by else 'the operator'}"
    is_free = run.state == RunState.WAITING or run.lease_until is None or run.lease_until < timezone.now()
    if is_free:
        stopped = {"state": RunState.STOPPED, "lease_until": None}
        return change(run, Action.RUN_STOPPED, reason=reason, values=stopped)
    return change(run, Action.RUN_STOPPED, reason=reason, values={"stop_asked": True})


@transaction.atomic
def resume_run(*, by: Person | None, run_id: int) -> TrainingRun:
    """Let a run go on from where it stood. Raises NotResumable."""
    run = _locked(run_id)
    never_begun = run.started_at is None
    if run.state not in {RunState.STOPPED, RunState.FAILED} or not (never_begun or RunFolder.of(run.pk).exists):
        raise NotResumable
    window = Options.from_json(run.options).window
    waiting = {
        "state": RunState.WAITING,
        "lease_until": None,
        "not_before": window.next_opening(timezone.now()) if window else None,
        "attempt": 0,
        "stop_asked": False,
        "error_code": "",
        "error_detail": "",
        "finished_at": None,
    }
    change(run, Action.RUN_RESUMED, reason=f"asked for by {by.username if by else 'the operator'}", values=waiting)
    run.steps.filter(state=RunState.FAILED).update(state=RunState.WAITING)
    ring_after_commit(run.pk)
    return run


@transaction.atomic
def discard_run(*, by: Person | None, run_id: int) -> TrainingRun:
    """Throw the files of a stopped or failed run away; its row and its curve stay. Raises NotDiscardable."""
    run = _locked(run_id)
    if run.state not in {RunState.STOPPED, RunState.FAILED}:
        raise NotDiscardable
    reason = f"by {by.username if by else 'the operator'}"
    code = run.error_code or "discarded"
    change(run, Action.RUN_DISCARDED, reason=reason, values={"state": RunState.FAILED, "error_code": code})
    transaction.on_commit(RunFolder.of(run.pk).remove)
    return run


def check_snapshot(snapshot: Snapshot) -> None:
    """Raises NothingToTrainOn or NothingToTestOn."""
    left = snapshot.entries.filter(withdrawn_at=None)
    if not left.filter(part=Part.TRAIN).exists():
        raise NothingToTrainOn
    if not left.filter(part=Part.TEST).exists():
        raise NothingToTestOn


def _locked(run_id: int) -> TrainingRun:
    return TrainingRun.objects.select_for_update(of=("self",)).select_related("snapshot").get(pk=run_id)
