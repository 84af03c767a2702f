"""Audited changes of a run's row: each adds one to its version and one record to the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.audit.actions import Action, Outcome
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.models import TrainingRun


def change(
    run: TrainingRun,
    action: Action,
    *,
    reason: str = "",
    digests: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> TrainingRun:
    """Set `values` on the run and record it. The row must be locked by the transaction around it, or be new."""
    for name, value in (values or {}).items():
        setattr(run, name, value)
    run.version += 1
    run.save(update_fields=[*(values or {}), "version"])
    outcome = Outcome.FAILED if action is Action.RUN_FAILED else Outcome.DONE
    evidence = Evidence(digests={"snapshot": run.snapshot.digest, "base": run.base_digest, **(digests or {})})
    record(action, subject=subject_of(run), outcome=outcome, reason=reason, evidence=evidence)
    return run


def subject_of(run: TrainingRun) -> Subject:
    return Subject("training_run", str(run.pk), run.version)
