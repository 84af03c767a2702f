"""The services of the second stage: a worker takes a document that was read, extracts its fields, and stores them."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Evidence
from appliance.document_types.models import DocumentTypeVersion
from appliance.document_types.queries import latest_published
from appliance.documents import jobs, models
from appliance.documents.jobs import Claim
from appliance.documents.models import Document, FieldValue
from appliance.documents.states import State
from appliance.documents.stored_runs import NO_TRACE, Trace, answer_rows, commitments_to, keep_texts, load_turns
from appliance.documents.stored_values import count_to_check, issues_json, value_row
from appliance.documents.transitions import Step, change, locked
from extraction.digests import extraction_key
from extraction.records import Digests, Extraction

STARTING_STATES = (State.READ, State.EXTRACTING, State.TO_REVIEW)


@dataclass(frozen=True)
class ExtractionWork:
    """What a worker needs in order to extract one document."""

    claim: Claim
    document: Document
    type_version: DocumentTypeVersion


def document_type_of(job_id: int) -> str:
    """The name of the type of a job's document; empty where it has none, or where there is no such job."""
    name = Document.objects.filter(jobs__pk=job_id).values_list("document_type__name", flat=True).first()
    return name or ""


def begin_extraction(*, job_id: int, document_type: str | None = None) -> ExtractionWork | None:
    """Take the job. None when somebody else has it, it is done, or the document is not to be extracted any more.

    `document_type`: the one for which a model was chosen, None where any will do. Where the document has another one by
    now, the job is left as it is, and the sweeper rings for it again.
    """
    with transaction.atomic():
        claim = jobs.take(job_id)
        if claim is None:
            return None
        document = locked(claim.document_id)
        if document_type not in (None, _type_name(document)):
            transaction.set_rollback(True)
            return None
        version = latest_published(document.document_type) if document.document_type else None
        if document.state not in STARTING_STATES or version is None:
            jobs.finish(claim)
            return None
        to = None if document.state == State.EXTRACTING else State.EXTRACTING
        change(document, Step(Action.DOCUMENT_EXTRACTING, to, reason=f"attempt {claim.attempt}"), error_code="")
    return ExtractionWork(claim, document, version)


def _type_name(document: Document) -> str:
    return document.document_type.name if document.document_type else ""


def reuse_extraction(*, work: ExtractionWork, digests: Digests) -> bool:
    """Use what the same bytes and the same digests gave before, on this document or on its twin. Raises StaleClaim."""
    key = extraction_key(work.document.sha256, digests)
    found = models.Extraction.objects.filter(key=key, document__sha256=work.document.sha256)
    with transaction.atomic():
        own = found.filter(document=work.document).first()
        twins = found.first()
        if twins is None:
            return False
        _conclude(work, own or _copy(twins, work.document), reason="same bytes and digests as before")
    return True


def store_extraction(*, work: ExtractionWork, extraction: Extraction, trace: Trace = NO_TRACE) -> models.Extraction:
    """Store the result of the run with its trace, and put the document before a clerk. Raises StaleClaim."""
    key = extraction_key(work.document.sha256, extraction.digests)
    with transaction.atomic():
        jobs.hold(work.claim)
        stored = models.Extraction.objects.filter(document=work.document, key=key).first()
        if stored is None:
            stored = _store(work, extraction, key, trace)
        _conclude(work, stored)
    return stored


def _store(work: ExtractionWork, extraction: Extraction, key: str, trace: Trace) -> models.Extraction:
    keep_texts(trace.texts)
    stored = models.Extraction.objects.create(
        document=work.document,
        type_version=work.type_version,
        key=key,
        **{f"{name}_digest": digest for name, digest in asdict(extraction.digests).items()},
        pages_total=extraction.pages_total,
        pages_covered=extraction.pages_covered,
        windows=extraction.windows,
        seconds=extraction.seconds,
        issues=issues_json(extraction.issues),
        engine=trace.engine,
        page_digests=list(trace.page_digests),
        salt=_new_salt(),
    )
    models.ModelAnswer.objects.bulk_create(answer_rows(stored, trace.turns))
    FieldValue.objects.bulk_create(
        value_row(stored, position, value) for position, value in enumerate(extraction.values)
    )
    return stored


def _copy(found: models.Extraction, document: Document) -> models.Extraction:
    """The twin's run as this document's own, so that decisions on one leave the other alone."""
    values, turns = list(found.values.all()), load_turns(found)
    found.pk, found.document, found.seconds, found.salt = None, document, 0.0, _new_salt()
    found.save(force_insert=True)
    models.ModelAnswer.objects.bulk_create(answer_rows(found, turns))
    for value in values:
        value.pk, value.extraction = None, found
    FieldValue.objects.bulk_create(values)
    return found


def _conclude(work: ExtractionWork, stored: models.Extraction, *, reason: str = "") -> None:
    jobs.hold(work.claim)
    document = locked(work.document.pk)
    digests = {name: getattr(stored, f"{name}_digest") for name in ("model", "prompt", "schema", "reader", "grammar")}
    evidence = Evidence(digests={**digests, "extraction": stored.key}, commitments=commitments_to(stored))
    change(
        document,
        Step(Action.DOCUMENT_EXTRACTED, State.TO_REVIEW, reason=reason, evidence=evidence),
        current_extraction=stored,
        fields_to_check=count_to_check(stored),
        error_code="",
    )
    jobs.finish(work.claim)


def _new_salt() -> str:
    """32 hex digits, drawn for each run."""
    return secrets.token_hex(16)
