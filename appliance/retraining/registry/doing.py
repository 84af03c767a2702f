"""Each kind of work, by its doer.

Everything may be done twice: a worker that dies leaves the job to the next one, which finds what lies there already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from appliance.retraining.models import Snapshot
from appliance.retraining.registry import jobs, media
from appliance.retraining.registry.errors import ModelNeeded
from appliance.retraining.registry.jobs import Claim
from appliance.retraining.registry.models import JobKind, ModelJob
from appliance.retraining.registry.outcomes import Done, place_of, record_done
from appliance.retraining.registry.protection import reasons_to_keep
from appliance.retraining.registry.services import card_of
from appliance.retraining.registry.workshop import Found, Tell, Workshop
from appliance.retraining.runs.measuring import About, keep_measured
from models_store import store
from models_store.intake.bundle_layout import Manifest
from models_store.intake.errors import IntakeError
from models_store.intake.record import Intake
from models_store.weights import manifest_digest

MEASURED_ALONE = "measured by itself"
"""The role of a model that was measured outside of a training."""


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
    record_done(job, Done(model=job.subject, reason=job.options["reason"]))


DOERS: Mapping[JobKind, Callable[[Claim, Workshop, Tell], Done]] = {
    JobKind.CHECK: _check,
    JobKind.IMPORT: _import,
    JobKind.QUANTIZE: _quantize,
    JobKind.EVALUATE: _evaluate,
    JobKind.COPY: _copy,
    JobKind.RENAME: _rename,
    JobKind.REMOVE: _remove,
}
