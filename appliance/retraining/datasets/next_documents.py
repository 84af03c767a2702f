"""Which documents to review next: those a model would learn most from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Avg, F

from appliance.document_types.models import DocumentType
from appliance.documents.models import Document, FieldValue
from appliance.documents.states import State
from appliance.documents.stored_pages import load_read_document
from appliance.retraining.datasets.likeness import PLACES, sketch_of
from appliance.retraining.datasets.printed import text_of
from appliance.retraining.models import DocumentLabel
from models_store.tuning.split import group_name

LOOKED_AT = 40
"""The least certain ones; their pages are read to see whether they are like anything that is labelled."""
SHOWN = 10
UNLIKE = 0.05
"""A text that shares less than this with every labelled text has a layout of its own."""


@dataclass(frozen=True, slots=True)
class NextDocument:
    """`confidence`: the mean over its values, 0..1. The reasons are told in words on the page."""

    document: Document
    confidence: float
    is_new_sender: bool
    is_new_layout: bool

    @property
    def worth(self) -> float:
        return (1 - self.confidence) + 0.5 * self.is_new_layout + 0.3 * self.is_new_sender


def next_documents(document_type: DocumentType, *, sender_field: str) -> list[NextDocument]:
    """The most worthwhile first, SHOWN at most, of those that wait for a review."""
    waiting = Document.objects.filter(document_type=document_type, state=State.TO_REVIEW)
    uncertain = waiting.annotate(confidence=Avg("current_extraction__values__confidence"))
    found = list(uncertain.order_by(F("confidence").asc(nulls_last=True), "uploaded_at")[:LOOKED_AT])
    labels = DocumentLabel.objects.filter(document__document_type=document_type)
    known = np.array(list(labels.values_list("sketch", flat=True)), dtype=np.uint32).reshape(-1, PLACES)
    senders = _senders(labels, sender_field)
    told = [_told(document, known, _sender_of(document, sender_field), senders) for document in found]
    return sorted(told, key=lambda row: -row.worth)[:SHOWN]


def _told(document: Document, known: np.ndarray, sender: str, senders: set[str]) -> NextDocument:
    sketch = np.array(sketch_of(text_of(load_read_document(document))), dtype=np.uint32)
    likeness = float((known == sketch).mean(axis=1).max()) if len(known) else 0.0
    confidence: float | None = document.confidence  # type: ignore[attr-defined]  # annotated above
    is_new = bool(sender) and sender not in senders
    return NextDocument(document, confidence if confidence is not None else 1.0, is_new, likeness < UNLIKE)


def _sender_of(document: Document, sender_field: str) -> str:
    values = FieldValue.objects.filter(extraction=document.current_extraction_id, path=sender_field)
    return group_name(document.sender or values.values_list("raw", flat=True).first() or "")


def _senders(labels: Iterable[DocumentLabel], sender_field: str) -> set[str]:
    """Of labelled documents."""
    answers = (label.answers.get(sender_field) for label in labels)
    return {group_name(str(found[0]["value"])) for found in answers if found and found[0]["value"]}
