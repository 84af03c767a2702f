"""What a clerk does with a document in the list. Each is one transaction with its record in the log."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.document_types.models import DocumentType
from appliance.documents import jobs
from appliance.documents.errors import ClaimedBySomebody, DocumentBusy, DocumentFinished, NothingToRetry
from appliance.documents.models import Document, Stage
from appliance.documents.states import State
from appliance.documents.transitions import Step, change, locked

RETRIED_STATES = (State.QUARANTINED, State.NEEDS_PASSWORD, State.DUPLICATE)
FINISHED_STATES = (State.ACCEPTED, State.EXPORTED)


def set_type(*, document_id: UUID, document_type: DocumentType, by: Person) -> Document:
    """Choose the type; a document that was read is extracted again, and earlier runs are kept.

    Raises DocumentBusy, DocumentFinished or ClaimedBySomebody.
    """
    with transaction.atomic():
        document = locked(document_id)
        _refuse_foreign_claim(document, by)
        if document.state in FINISHED_STATES:
            raise DocumentFinished
        if document.state == State.EXTRACTING:
            raise DocumentBusy
        if document.document_type_id == document_type.pk and document.type_confidence is None:
            return document
        change(
            document,
            Step(Action.DOCUMENT_TYPE_SET, reason=document_type.name),
            document_type=document_type,
            type_confidence=None,
        )
        if document.state in (State.READ, State.TO_REVIEW):
            jobs.queue(document, Stage.EXTRACT)
    return document


def retry(*, document_id: UUID, by: Person) -> Document:
    """Take a document that was set aside up again, where it stopped; a duplicate is read after all.

    Raises NothingToRetry or ClaimedBySomebody.
    """
    with transaction.atomic():
        document = locked(document_id)
        _refuse_foreign_claim(document, by)
        if document.state not in RETRIED_STATES:
            raise NothingToRetry
        was_read = document.state == State.QUARANTINED and bool(document.reader_digest)
        to, stage = (State.READ, Stage.EXTRACT) if was_read else (State.RECEIVED, Stage.READ)
        change(document, Step(Action.DOCUMENT_RETRIED, to, reason=document.error_code), error_code="")
        if stage is Stage.READ or document.document_type_id is not None:
            jobs.queue(document, stage)
    return document


def reopen(*, document_id: UUID, by: Person) -> Document:
    """Put a finished document before a clerk again. Raises ClaimedBySomebody or IllegalTransition."""
    with transaction.atomic():
        document = locked(document_id)
        _refuse_foreign_claim(document, by)
        return change(document, Step(Action.DOCUMENT_REOPENED, State.TO_REVIEW))


def _refuse_foreign_claim(document: Document, by: Person) -> None:
    is_claimed = document.claimed_until is not None and document.claimed_until > timezone.now()
    if is_claimed and document.claimed_by_id != by.pk:
        raise ClaimedBySomebody
