"""Keeps the labels of a type's reviewed documents up to date, and with them the conflicts between persons.

Labels are derived from values and decisions and can be made anew at any time, so the log says nothing about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.document_types.models import DocumentType
from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_values import parse_path, regions_json
from appliance.retraining.datasets.answers import Stored, distinct
from appliance.retraining.datasets.conflicts import find_conflicts
from appliance.retraining.datasets.labelling import Answer, Labeller
from appliance.retraining.datasets.likeness import sketch_of
from appliance.retraining.datasets.printed import Printed, sha256_of
from appliance.retraining.models import DocumentLabel
from appliance.review.queries import Review, load_review, review_with

FINISHED = (State.ACCEPTED, State.EXPORTED)
AT_ONCE = 200
"""Labels made for one look at a page; the clock makes the others meanwhile."""


def reviewed(document_type: DocumentType) -> QuerySet[Any]:
    """Finished documents whose review a person ended, with `finished_by` (a user name) and `finished_at`."""
    ended = AuditEvent.objects.filter(
        object_type="document", object_id=Cast(OuterRef("pk"), CharField()), action=Action.DOCUMENT_FINISHED
    ).order_by("-pk")
    found = Document.objects.filter(document_type=document_type, state__in=FINISHED)
    return found.annotate(
        finished_by=Subquery(ended.values("actor")[:1]), finished_at=Subquery(ended.values("recorded_at")[:1])
    ).exclude(finished_by=None)


@transaction.atomic
def gather(document_type: DocumentType, *, most: int = AT_ONCE) -> int:
    """Make the labels that are missing or out of date, `most` of them; returns how many are left for the next call.

    One at a time for a type: who comes second waits, and finds less to do.
    """
    DocumentType.objects.select_for_update(no_key=True).get(pk=document_type.pk)
    gone = DocumentLabel.objects.filter(document__document_type=document_type)
    changed = bool(gone.exclude(document__state__in=FINISHED).delete()[0])
    stale = reviewed(document_type).filter(Q(label=None) | ~Q(label__document_version=F("version")))
    made = [_keep_label(document) for document in stale.order_by("pk")[:most]]
    if changed or any(made):
        find_conflicts(document_type)
    return stale.count()


def gather_all(document_type: DocumentType) -> None:
    """As often as it takes, in short transactions."""
    left = gather(document_type)
    while left:
        before, left = left, gather(document_type)
        if left >= before:  # what is left has no values, or was finished by nobody who is known
            return


def _keep_label(document: Any) -> bool:
    """False where the document has nothing to learn from (no values, or its person is unknown)."""
    review = load_review(document)
    at: datetime = document.finished_at
    person = Person.objects.filter(username=document.finished_by).first()
    if review is None or person is None:
        return False
    read = load_read_document(document)
    printed = Printed.of(read)
    labeller = Labeller(review, read, printed)
    label = labeller.label()
    alone = {path: [_stored(answer, person.pk)] for path, answer in label.answers.items()}
    DocumentLabel.objects.update_or_create(
        document=document,
        defaults={
            "document_version": document.version,
            "type_version": review.extraction.type_version,
            "labelled_by": person,
            "labelled_at": at,
            "text_sha256": sha256_of(printed.text),
            "sketch": sketch_of(printed.text),
            "fields": label.fields,
            "spans": label.spans,
            "left_out": label.left_out,
            "answers": {**alone, **dict(_disputed(review, labeller))},
        },
    )
    return True


def _disputed(review: Review, labeller: Labeller) -> Iterator[tuple[str, list[Stored]]]:
    """Paths that several persons decided differently: the answer that stands first, then the others'."""
    persons: dict[str, list[int]] = {}
    for decision in reversed(review.decisions):
        deciders = persons.setdefault(decision.path, [])
        if decision.decided_by_id not in deciders:
            deciders.append(decision.decided_by_id)
    for path, deciders in persons.items():
        if len(deciders) < 2 or review.value(parse_path(path)) is None:
            continue
        answers = distinct(_answers_of(review, labeller, path, deciders))
        if len(answers) > 1:
            yield path, answers


def _answers_of(review: Review, labeller: Labeller, path: str, deciders: list[int]) -> Iterator[Stored]:
    """What would stand if only this person had decided; answers that stand on nothing are passed over."""
    for person in deciders:
        kept = [d for d in review.decisions if d.path != path or d.decided_by_id == person]
        value = review_with(review, kept).value(parse_path(path))
        answer = labeller.answer(value) if value is not None else ""
        if isinstance(answer, Answer):
            yield _stored(answer, person)


def _stored(answer: Answer, person: int) -> Stored:
    return {"by": person, "value": answer.value, "spans": answer.spans, "regions": regions_json(answer.regions)}
