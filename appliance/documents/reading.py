"""The services of the first stage: a worker takes a document, reads it, and stores its pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Evidence
from appliance.document_types.queries import published_types
from appliance.documents import blobs, jobs
from appliance.documents.jobs import Claim
from appliance.documents.models import Document, Stage
from appliance.documents.states import State
from appliance.documents.stored_pages import store_images, write_pages
from appliance.documents.stored_runs import keep_texts
from appliance.documents.thumbnails import thumbnail_png
from appliance.documents.transitions import Step, change, locked
from appliance.documents.uploads import Origin, upload
from extraction.classify import classify
from extraction.errors import ReadingError
from extraction.records import Attachment, ReadDocument

MOST_NESTED = 3
"""An e-mail in an e-mail in an e-mail is opened; what hangs on the innermost one is not."""


@dataclass(frozen=True)
class ReadingWork:
    """What a worker needs in order to read one document."""

    claim: Claim
    document: Document


def begin_reading(*, job_id: int) -> ReadingWork | None:
    """Take the job. None when somebody else has it, it is done, or the document has moved on."""
    with transaction.atomic():
        claim = jobs.take(job_id)
        if claim is None:
            return None
        document = locked(claim.document_id)
        if document.state not in (State.RECEIVED, State.READING):
            jobs.finish(claim)
            return None
        to = State.READING if document.state == State.RECEIVED else None
        change(document, Step(Action.DOCUMENT_READING, to, reason=f"attempt {claim.attempt}"))
    return ReadingWork(claim, document)


def store_reading(*, claim: Claim, read: ReadDocument, reader_text: str = "") -> Document:
    """Store the pages, guess the type where none was chosen, and queue the extraction. Raises StaleClaim.

    `reader_text` is what the reader's digest is made of, kept for those who ask where a value comes from.
    """
    store_images(read.pages, document_id=claim.document_id)
    with transaction.atomic():
        keep_texts({read.reader_digest: reader_text} if reader_text else {})
        jobs.hold(claim)
        document = locked(claim.document_id)
        refused = _take_attachments(document, read.attachments)
        write_pages(document, read.pages)
        change(
            document,
            Step(Action.DOCUMENT_READ, State.READ, evidence=Evidence(digests={"reader": read.reader_digest})),
            media_type=read.media_type,
            page_count=len(read.pages),
            reader_digest=read.reader_digest,
            findings=[*read.findings, *refused],
            error_code="",
            thumbnail_sha256=_thumbnail(document, read),
        )
        jobs.finish(claim)
        if document.document_type_id is None:
            _guess_type(document, read)
        if document.document_type_id is not None:
            jobs.queue(document, Stage.EXTRACT)
    return document


def _thumbnail(document: Document, read: ReadDocument) -> str:
    image = read.pages[0].image_png if read.pages else b""
    return blobs.put(thumbnail_png(image), document_id=document.pk) if image else ""


def _guess_type(document: Document, read: ReadDocument) -> None:
    choices = {choice.name: choice for choice in published_types()}
    guess = classify(read.pages, [choice.version.spec for choice in choices.values()])
    if guess is None:
        return
    step = Step(Action.DOCUMENT_TYPE_SET, reason=f"{guess.name} (recognised, {guess.confidence:.2f})")
    change(document, step, document_type_id=choices[guess.name].id, type_confidence=guess.confidence)


def _take_attachments(document: Document, attachments: tuple[Attachment, ...]) -> list[str]:
    """Make a document of each; the codes of those that were refused become findings of the e-mail."""
    if _depth(document) >= MOST_NESTED:
        return ["attachments_nested_too_deep"] if attachments else []
    refused = []
    for attachment in attachments:
        origin = Origin(by=document.uploaded_by, parent=document)
        try:
            upload(untrusted_name=attachment.untrusted_name, content=attachment.untrusted_content, origin=origin)
        except ReadingError as error:
            refused.append(f"attachment_refused:{error.code}")
    return refused


def _depth(document: Document) -> int:
    depth = 1
    while document.parent is not None:
        document, depth = document.parent, depth + 1
    return depth
