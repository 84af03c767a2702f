"""Doing what was asked for. What comes of it, its record in the log and the end of the job are one transaction.

A removal is recorded before the bytes go: the other order could lose a model of which the log says that it is there.
Everything may be done twice: a worker that dies leaves the job to the next one, which finds what lies there already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

from appliance.audit.actions import Action, Outcome
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.models import Snapshot
from appliance.retraining.registry import jobs, media
from appliance.retraining.registry.errors import ModelNeeded, StoppedByHand
from appliance.retraining.registry.jobs import Claim
from appliance.retraining.registry.models import JobKind, JobState, ModelJob
from appliance.retraining.registry.protection import reasons_to_keep
from appliance.retraining.registry.services import card_of
from appliance.retraining.registry.workshop import Found, Tell, Workshop
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.measuring import About, keep_measured
from extraction.errors import StrongroomError
from models_store import store
from models_store.intake.bundle_layout import Manifest
from models_store.intake.errors import IntakeError
from models_store.intake.record import Intake
from models_store.weights import manifest_digest

MEASURED_ALONE = "measured by itself"
"""The role of a model that was measured outside of a training."""
Heard = Callable[[float, str], None]
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


def do(claim: Claim, workshop: Workshop, *, heard: Heard = lambda share, words: None) -> None:
    """`heard` gets how far it is. Raises StaleClaim, and StrongroomError for what `fail` then tells."""
    done = _DOERS[JobKind(claim.job.kind)](claim, workshop, Teller(claim, heard))
    with transaction.atomic():
        jobs.hold(claim)
        if done.keep is not None:
            done.keep()
        if not done.is_recorded:
            _record(claim.job, done)
        jobs.end(claim, JobState.DONE, result=dict(done.result))
    place_of(claim.job).remove()


@transaction.atomic
def fail(claim: Claim, error: StrongroomError) -> None:
    """Keep and record why it came to nothing. Raises StaleClaim."""
    jobs.hold(claim)
    _record_failure(claim.job, error.code)
    state = JobState.STOPPED if isinstance(error, StoppedByHand) else JobState.FAILED
    jobs.end(claim, state, error_code=error.code, error_detail=_told(error))
    transaction.on_commit(place_of(claim.job).remove)


@transaction.atomic
def give_up_lost() -> int:
    """End the jobs whose workers died again and again; their number."""
    lost = jobs.give_up_exhausted()
    for job in lost:
        _record_failure(job, "worker_lost")
        job.state, job.lease_until, job.error_code = JobState.FAILED, None, "worker_lost"
        job.error_detail = "The worker ended three times in the midst of it. See what it printed, and the memory."
        job.save()
    return len(lost)


def _check(claim: Claim, workshop: Workshop, tell: Tell) -> Done:
    """What stands against it is an answer, no failure."""
    job = claim.job
    try:
        found = workshop.check(media.path_of_job(job), leave_programs=bool(job.options.get("leave_programs")))
    except IntakeError as error:
        problem = {"code": error.code, "sentence": error.sentence, "next_step": error.next_step, "detail": error.detail}
        return Done(result={"is_fit": False, "problem": problem}, is_recorded=True)
    kind = "bundle" if isinstance(found, Manifest) else found.kind
    return Done(result={"is_fit": True, "found": {**found.model_dump(mode="json"), "kind": kind}}, is_recorded=True)


def _import(claim: Claim, workshop: Workshop, tell: Tell) -> Done:
    options = claim.job.options
    checked = _checked(ModelJob.objects.get(pk=options["check"]).result["found"])
    source = media.path_of_job(claim.job)
    digest = workshop.bring_in(source, checked=checked, name=options["name"], tell=tell)
    media.discard_upload(options["upload"])
    files = checked.members if isinstance(checked, Manifest) else checked.files
    source_digest = manifest_digest({file.name: file.sha256 for file in files})
    reason = f"signed by {checked.signer[:16]}" if isinstance(checked, Manifest) else ""
    return Done(model=digest, reason=reason, digests={"source": source_digest}, result={"model": digest})


def _checked(found: dict[str, Any]) -> Found:
    if found["kind"] != "bundle":
        return Intake.model_validate(found)
    return Manifest.model_validate({key: value for key, value in found.items() if key != "kind"})


def _quantize(claim: Claim, workshop: Workshop, tell: Tell) -> Done:
    job = claim.job
    steps = workshop.quantize(
        card_of(job.subject),
        quantizations=job.options["quantizations"],
        snapshot=Snapshot.objects.filter(pk=job.options["snapshot"]).first(),
        place=place_of(job),
        tell=tell,
    )
    made = {step.quantization: step.after for step in steps if step.quantization}
    return Done(model=job.subject, digests=made, result={"steps": [step.as_json() for step in steps]})


def _evaluate(claim: Claim, workshop: Workshop, tell: Tell) -> Done:
    job = claim.job
    snapshot = Snapshot.objects.get(pk=job.options["snapshot"])
    card = card_of(job.subject)
    evaluation = workshop.evaluate(card, snapshot=snapshot, place=place_of(job), tell=tell)
    about = About(snapshot, MEASURED_ALONE, card.quantization)
    digests = {"snapshot": snapshot.digest}
    return Done(model=job.subject, digests=digests, keep=lambda: keep_measured(about, evaluation))


def _copy(claim: Claim, workshop: Workshop, tell: Tell) -> Done:
    job = claim.job
    store.copy(job.subject, job.options["name"], root=settings.MODELS_STORE_ROOT)
    return Done(model=job.subject, reason=f"named “{job.options['name']}”")


def _rename(claim: Claim, workshop: Workshop, tell: Tell) -> Done:
    job = claim.job
    store.copy(job.subject, job.options["new"], root=settings.MODELS_STORE_ROOT)
    if job.options["old"] in store.names_of(job.subject, root=settings.MODELS_STORE_ROOT):
        store.drop_name(job.options["old"], root=settings.MODELS_STORE_ROOT)
    return Done(model=job.subject, reason=f"“{job.options['old']}” is “{job.options['new']}”")


def _remove(claim: Claim, workshop: Workshop, tell: Tell) -> Done:
    job = claim.job
    if not job.options.get("is_recorded"):
        record_removal(claim)
    root = settings.MODELS_STORE_ROOT
    freed = store.remove(job.subject, root=root) if _is_there(job.subject) else 0
    return Done(is_recorded=True, result={"bytes": freed})


def _is_there(digest: str) -> bool:
    try:
        store.read_card(digest, root=settings.MODELS_STORE_ROOT)
    except store.StoreError:
        return False  # a worker that died had removed it
    return True


@transaction.atomic
def record_removal(claim: Claim) -> None:
    """Looks again at all that could need the model: somebody may have asked for it meanwhile. Raises ModelNeeded."""
    job = claim.job
    jobs.one_at_a_time()
    jobs.hold(claim)
    reasons = reasons_to_keep(job.subject, but_for=job.pk)
    if reasons:
        raise ModelNeeded(reasons)
    job.options["is_recorded"] = True
    ModelJob.objects.filter(pk=job.pk).update(options=job.options)
    _record(job, Done(model=job.subject, reason=job.options["reason"]))


_DOERS: Mapping[JobKind, Callable[[Claim, Workshop, Tell], Done]] = {
    JobKind.CHECK: _check,
    JobKind.IMPORT: _import,
    JobKind.QUANTIZE: _quantize,
    JobKind.EVALUATE: _evaluate,
    JobKind.COPY: _copy,
    JobKind.RENAME: _rename,
    JobKind.REMOVE: _remove,
}


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


def place_of(job: ModelJob) -> RunFolder:
    """Where a job keeps its files while it goes on."""
    return RunFolder(settings.DATA_DIR / "retraining" / f"work-{job.pk}")


def _record(job: ModelJob, done: Done) -> None:
    evidence = Evidence(digests={"model": done.model, **done.digests})
    reason = f"{done.reason}; asked for by {_asker(job)}".strip("; ")
    record(ACTIONS[JobKind(job.kind)], subject=Subject("model", done.model), reason=reason, evidence=evidence)


def _record_failure(job: ModelJob, code: str) -> None:
    action = ACTIONS.get(JobKind(job.kind))
    if action is not None:
        subject = Subject("model_job", str(job.pk))
        record(action, subject=subject, outcome=Outcome.FAILED, reason=f"{code}; asked for by {_asker(job)}")


def _asker(job: ModelJob) -> str:
    return job.asked_by.get_username() if job.asked_by else "the operator"


def _told(error: StrongroomError) -> str:
    return " ".join(part for part in (error.sentence, error.detail[:2000], error.next_step) if part)
