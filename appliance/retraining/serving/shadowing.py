"""The work of a try-out: after a document was extracted, candidates read it too, and only the comparison is kept.

Real documents go first, and nothing that goes wrong here reaches the document.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from appliance.documents import engine, jobs
from appliance.documents.jobs import Claim
from appliance.documents.models import Document, Extraction, JobState, Stage
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_values import path_text
from appliance.retraining.models import ShadowResult, ShadowRun
from appliance.retraining.serving.errors import TryOutEnded
from appliance.retraining.serving.services import ENOUGH, IN_FORCE, end_shadow
from extraction.errors import DecodingFailed, ModelUnavailable, SchemaError
from extraction.pipeline import extract
from extraction.records import Extraction as Answers
from extraction.records import ReadDocument
from models_store.store import ALL_TYPES

OTHERS_FIRST = "others_first"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShadowWork:
    """What a worker needs in order to try candidates out on one document."""

    claim: Claim
    extraction: Extraction
    shadows: tuple[ShadowRun, ...]


def live_shadows(document: Document) -> list[ShadowRun]:
    """Those that read documents of its type."""
    name = document.document_type.name if document.document_type else ALL_TYPES
    live = ShadowRun.objects.filter(ended_at=None, document_type__in=(ALL_TYPES, name))
    return list(live.order_by("pk"))


def queue_try_outs(extraction: Extraction) -> None:
    """After the model in force has extracted the document."""
    for shadow in live_shadows(extraction.document):
        if shadow.model_digest == extraction.model_digest:
            _end(shadow, IN_FORCE)
        else:
            with transaction.atomic():
                jobs.queue(extraction.document, Stage.SHADOW)


def others_wait() -> bool:
    """Something waits that a person waits for."""
    waiting = jobs.without_lease(timezone.now()).filter(state=JobState.WAITING)
    return waiting.exclude(stage=Stage.SHADOW).exists()


def begin_try_out(*, job_id: int) -> ShadowWork | None:
    """Take the job. None when somebody else has it, others go first, or there is nothing to try out any more."""
    if others_wait():
        jobs.postpone(job_id, OTHERS_FIRST)
        return None
    with transaction.atomic():
        claim = jobs.take(job_id)
        if claim is None:
            return None
        document = Document.objects.select_related("current_extraction__type_version").get(pk=claim.document_id)
        extraction, shadows = document.current_extraction, tuple(live_shadows(document))
        if extraction is None or not shadows:
            jobs.finish(claim)
            return None
    return ShadowWork(claim, extraction, shadows)


def try_out(work: ShadowWork) -> None:
    """Ask each candidate, one after the other. Raises StaleClaim."""
    read = load_read_document(work.extraction.document)
    for shadow in work.shadows:
        if shadow.model_digest != work.extraction.model_digest:
            _try_one(work, shadow, read)
    with transaction.atomic():
        jobs.hold(work.claim)
        jobs.finish(work.claim)


def _try_one(work: ShadowWork, shadow: ShadowRun, read: ReadDocument) -> None:
    try:
        with engine.model_holder.lent(shadow.model_digest) as model:
            answers: Answers | None = extract(read, work.extraction.type_version.spec, model)
    except ModelUnavailable as error:
        log.warning("the try-out %s ends: %s", shadow.pk, error)
        _end(shadow, error.code)
        return
    except (DecodingFailed, SchemaError) as error:
        log.info("the try-out %s has no answer: %s", shadow.pk, error.code)
        answers = None
    _store(work, shadow, answers)


def _store(work: ShadowWork, shadow: ShadowRun, answers: Answers | None) -> None:
    then = {value.path: (value.raw, value.normal) for value in work.extraction.values.all()}
    now = _as_stored(answers) if answers else {}
    differing = sorted(path for path in {**then, **now} if then.get(path) != now.get(path))
    with transaction.atomic():
        jobs.hold(work.claim)
        ShadowResult.objects.update_or_create(
            shadow=shadow,
            document=work.extraction.document,
            defaults={
                "extraction": work.extraction,
                "values": len({**then, **now}),
                "differing": differing,
                "is_valid": answers is not None,
                "seconds": answers.seconds if answers else 0.0,
                "seconds_in_force": work.extraction.seconds,
            },
        )
    full = ShadowRun.objects.annotate(n=Count("results")).filter(pk=shadow.pk, n__gte=F("documents_wanted"))
    if full.exists():
        _end(shadow, ENOUGH)


def _as_stored(answers: Answers) -> dict[str, tuple[str | None, str]]:
    return {path_text(v.path): (v.raw, v.reading.normal if v.reading else "") for v in answers.values}


def _end(shadow: ShadowRun, because: str) -> None:
    try:
        end_shadow(shadow_id=shadow.pk, because=because)
    except TryOutEnded:
        log.debug("the try-out %s was ended meanwhile", shadow.pk)
