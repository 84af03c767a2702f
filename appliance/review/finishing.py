"""The end of a review: refused while anything is left to check, then the document is accepted."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db import transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence
from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.documents.transitions import Step, change
from appliance.review.claims import held
from appliance.review.errors import ChangedMeanwhile, FieldsLeft, NothingExtracted
from appliance.review.queries import Review, load_review


def finish(*, document_id: UUID, by: Person, version: int) -> Document:
    """Accept the document as the person saw it.

    Raises FieldsLeft, NothingExtracted, ChangedMeanwhile, ClaimedBySomebody or DocumentFinished.
    """
    with transaction.atomic():
        document = held(document_id, by)
        review = load_review(document)
        if review is None:
            raise NothingExtracted
        if document.version != version:
            raise ChangedMeanwhile
        if review.left:
            raise FieldsLeft
        digests = {"model": review.extraction.model_digest, "schema": review.extraction.schema_digest}
        step = Step(
            Action.DOCUMENT_FINISHED, State.ACCEPTED, reason=_summary(review), evidence=Evidence(digests=digests)
        )
        change(document, step, claimed_by=None, claimed_until=None, fields_to_check=0)
    return document


def _summary(review: Review) -> str:
    """ "11 unchecked, 2 confirmed, 1 corrected": counts, never values."""
    counts = Counter(value.status for value in review.values)
    return ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
