"""Asking for work on the store of models. The log has what is asked for at once, and what was done when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.models import Part, Snapshot
from appliance.retraining.registry import jobs, media
from appliance.retraining.registry.errors import (
    JobEnded,
    ModelNeeded,
    NameNotConfirmed,
    NameNotFree,
    NoFullPrecision,
    NotFit,
    NothingToMeasureOn,
    NotInStore,
    NotOnMedium,
    WorkGoesOn,
)
from appliance.retraining.registry.models import JobKind, JobState, ModelJob
from appliance.retraining.registry.protection import reasons_to_keep
from models_store import store
from models_store.card import ModelCard

Asker = Person | None
"""None is the operator at the command line of the box."""


def ask_check_of_path(*, path: Path, leave_programs: bool = False) -> ModelJob:
    """As `ask_check`, by the operator at the command line, who may point anywhere. Raises NotOnMedium or WorkGoesOn."""
    if not path.exists():
        raise NotOnMedium
    options = {"upload": "", "leave_programs": leave_programs, "path": str(path.absolute())}
    return _ask(JobKind.CHECK, path.name[:200], by=None, options=options)


def ask_check(*, by: Asker, source: str, upload: str = "", leave_programs: bool = False) -> ModelJob:
    """Have what lies on the medium under this name looked at, or an upload, which bore it.

    `leave_programs`: programs beside the weights are left behind instead of refused.

    Raises MediumAway, NotOnMedium or WorkGoesOn.
    """
    if not upload:
        media.path_of(source)
    return _ask(JobKind.CHECK, source[:200], by=by, options={"upload": upload, "leave_programs": leave_programs})


def ask_import(*, by: Asker, check: ModelJob, name: str) -> ModelJob:
    """Bring in exactly what was checked, under a name. Raises NotFit, WorkGoesOn, MediumAway or NotOnMedium."""
    if check.kind != JobKind.CHECK or not check.result.get("is_fit"):
        raise NotFit
    media.path_of_job(check)
    options = {"check": check.pk, "name": name} | {key: check.options.get(key, "") for key in ("upload", "path")}
    return _ask(JobKind.IMPORT, check.subject, by=by, options=options)


def ask_quantize(*, by: Asker, digest: str, quantizations: Sequence[str], snapshot: Snapshot | None = None) -> ModelJob:
    """Make smaller files of a model. `snapshot`: its training documents say which weights matter most.

    Raises NotInStore, NoFullPrecision or WorkGoesOn.
    """
    if not card_of(digest).weights:
        raise NoFullPrecision
    options = {"quantizations": list(quantizations), "snapshot": snapshot.pk if snapshot else None}
    return _ask(JobKind.QUANTIZE, digest, by=by, options=options)


def ask_evaluate(*, by: Asker, digest: str, snapshot: Snapshot | None) -> ModelJob:
    """Measure a model on the frozen test part of a snapshot. Raises NotInStore, NothingToMeasureOn or WorkGoesOn."""
    card_of(digest)
    if snapshot is None or not snapshot.entries.filter(part=Part.TEST, withdrawn_at=None).exists():
        raise NothingToMeasureOn
    return _ask(JobKind.EVALUATE, digest, by=by, options={"snapshot": snapshot.pk})


def ask_copy(*, by: Asker, digest: str, name: str) -> ModelJob:
    """Give a model one more name; its bytes stay once. Raises NotInStore, NameNotFree or WorkGoesOn."""
    card_of(digest)
    _check_free(name, digest)
    return _ask(JobKind.COPY, digest, by=by, options={"name": name})


def ask_rename(*, by: Asker, digest: str, old: str, new: str) -> ModelJob:
    """Put a new name in place of one that was given here. Raises NotInStore, NameNotFree or WorkGoesOn."""
    card_of(digest)
    _check_free(new, digest)
    return _ask(JobKind.RENAME, digest, by=by, options={"old": old, "new": new})


def ask_remove(*, by: Asker, digest: str, typed: str, reason: str) -> ModelJob:
    """Raises NotInStore, NameNotConfirmed, ModelNeeded with all its reasons, or WorkGoesOn."""
    card = card_of(digest)
    if typed.strip() != card.name:
        raise NameNotConfirmed
    reasons = reasons_to_keep(digest)
    if reasons:
        raise ModelNeeded(reasons)
    return _ask(JobKind.REMOVE, digest, by=by, options={"reason": reason, "name": card.name})


@transaction.atomic
def stop(*, by: Asker, job_id: int) -> ModelJob:
    """A job that waits ends now, one that runs as soon as its worker looks. Raises JobEnded."""
    job = ModelJob.objects.select_for_update().get(pk=job_id)
    if job.state not in jobs.LIVE or job.stop_asked:
        raise JobEnded
    job.stop_asked = True
    if job.state == JobState.WAITING:
        job.state, job.finished_at, job.error_code = JobState.STOPPED, timezone.now(), "stopped"
    job.save()
    record(Action.MODEL_JOB_STOPPED, subject=subject_of(job, 2), reason=_who(by))
    return job


def subject_of(job: ModelJob, version: int) -> Subject:
    return Subject("model_job", str(job.pk), version)


def card_of(digest: str) -> ModelCard:
    """Raises NotInStore."""
    try:
        return store.read_card(digest, root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        raise NotInStore(str(error)) from error


def _check_free(name: str, digest: str) -> None:
    if store.read_names(root=settings.MODELS_STORE_ROOT).get(name, digest) != digest:
        raise NameNotFree


@transaction.atomic
def _ask(kind: JobKind, subject: str, *, by: Asker, options: dict[str, Any] | None = None) -> ModelJob:
    jobs.one_at_a_time()
    if jobs.live_on(subject) is not None:
        raise WorkGoesOn
    job = ModelJob.objects.create(kind=kind, subject=subject, options=options or {}, asked_by=by)
    record(
        Action.MODEL_JOB_ASKED,
        subject=subject_of(job, 1),
        reason=f"{kind.label}: {(options or {}).get('reason', '')}".strip(": ") + _who(by),
        evidence=Evidence(digests={"model": subject} if job.is_about_a_model else None),
    )
    jobs.ring_after_commit(job)
    return job


def _who(by: Asker) -> str:
    return "" if by is not None else " (at the command line)"
