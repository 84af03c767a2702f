"""Who holds a document: one person at a time, for fifteen minutes from their last act on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.documents.errors import ClaimedBySomebody, DocumentFinished
from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.documents.transitions import Step, change, locked

CLAIM_LASTS = timedelta(minutes=15)


def holder_of(document: Document) -> Person | None:
    """Who holds the document now."""
    is_held = document.claimed_until is not None and document.claimed_until > timezone.now()
    return document.claimed_by if is_held else None


def claim(*, document_id: UUID, by: Person) -> Document:
    """Take the document if it waits for a review and nobody else holds it; otherwise leave it as it is."""
    with transaction.atomic():
        document = locked(document_id)
        holder = holder_of(document)
        if document.state == State.TO_REVIEW and holder in (None, by):
            _take(document, by)
    return document


def renew(*, document_id: UUID, by: Person) -> Document:
    """Hold the document for another fifteen minutes. Raises ClaimedBySomebody or DocumentFinished."""
    with transaction.atomic():
        document = held(document_id, by)
        _take(document, by)
    return document


def release(*, document_id: UUID, by: Person) -> Document:
    """Give the document back. Releasing what one does not hold changes nothing."""
    with transaction.atomic():
        document = locked(document_id)
        if holder_of(document) == by:
            change(document, Step(Action.DOCUMENT_RELEASED), claimed_by=None, claimed_until=None)
    return document


def held(document_id: UUID, by: Person) -> Document:
    """The locked row, if this person may work on it. Raises ClaimedBySomebody or DocumentFinished."""
    document = locked(document_id)
    if holder_of(document) not in (None, by):
        raise ClaimedBySomebody
    if document.state != State.TO_REVIEW:
        raise DocumentFinished
    return document


def claim_columns(by: Person) -> dict[str, Any]:
    return {"claimed_by": by, "claimed_until": timezone.now() + CLAIM_LASTS}


def _take(document: Document, by: Person) -> None:
    """A new claim is an act of its own in the log; holding on to one is not."""
    columns = claim_columns(by)
    if holder_of(document) == by:
        Document.objects.filter(pk=document.pk).update(**columns)
        document.claimed_until = columns["claimed_until"]
    else:
        change(document, Step(Action.DOCUMENT_CLAIMED), **columns)
