"""What a job came to, and its record in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from appliance.audit.actions import Action, Outcome
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.registry.models import JobKind, ModelJob
from appliance.retraining.runs.folder import RunFolder

ACTIONS = {
    JobKind.IMPORT: Action.MODEL_IMPORTED,
    JobKind.QUANTIZE: Action.MODEL_QUANTIZED,
    JobKind.EVALUATE: Action.MODEL_EVALUATED,
    JobKind.COPY: Action.MODEL_COPIED,
    JobKind.RENAME: Action.MODEL_COPIED,
    JobKind.REMOVE: Action.MODEL_REMOVED,
}


@dataclass(frozen=True, slots=True)
class Done:
    """What a job came to. `is_recorded`: its record stands in the log already. `keep`: runs in the last transaction."""

    model: str = ""
    reason: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    is_recorded: bool = False
    keep: Callable[[], object] | None = None


def place_of(job: ModelJob) -> RunFolder:
    """Where a job keeps its files while it goes on."""
    return RunFolder(settings.DATA_DIR / "retraining" / f"work-{job.pk}")


def record_done(job: ModelJob, done: Done) -> None:
    evidence = Evidence(digests={"model": done.model, **done.digests})
    reason = f"{done.reason}; asked for by {_asker(job)}".strip("; ")
    record(ACTIONS[JobKind(job.kind)], subject=Subject("model", done.model), reason=reason, evidence=evidence)


def record_failure(job: ModelJob, code: str) -> None:
    action = ACTIONS.get(JobKind(job.kind))
    if action is not None:
        subject = Subject("model_job", str(job.pk))
        record(action, subject=subject, outcome=Outcome.FAILED, reason=f"{code}; asked for by {_asker(job)}")


def _asker(job: ModelJob) -> str:
    return job.asked_by.get_username() if job.asked_by else "the operator"
