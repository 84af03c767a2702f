"""What the review views answer: the screen's context, the state after each act, and refusals in sentences."""

from __future__ import annotations

import uuid
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, may
from appliance.document_types.queries import published_types
from appliance.documents.errors import ClaimedBySomebody, DocumentFinished
from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.review.claims import holder_of
from appliance.review.errors import ChangedMeanwhile, FieldsLeft
from appliance.review.queries import REQUIRED_MISSING, Review, load_review, queue_of
from appliance.review.screen import Shown, boxes, sections
from appliance.review.specs import spec_at
from appliance.review.words import words_of
from extraction.errors import StrongroomError

CONFLICT, UNPROCESSABLE = 409, 422
_CONFLICTS = (ChangedMeanwhile, ClaimedBySomebody, DocumentFinished)


def page_context(review: Review, person: Person) -> dict[str, Any]:
    """For review/document.html."""
    document, now = review.document, state(review, person)
    is_mine = is_held_by(person, document)
    return {
        "document": document,
        "extraction": review.extraction,
        "spec": review.spec,
        "pages": document.pages.order_by("number"),
        "is_mine": is_mine,
        "holder": holder_of(document),
        "may_review": may(person, Permission.REVIEW_DOCUMENTS),
        "is_finished": document.state in (State.ACCEPTED, State.EXPORTED),
        "types": published_types() if is_mine else (),
        "words": words_of(document),
        "form": now.pop("html"),
        "state": now,
    }


def state(review: Review, person: Person) -> dict[str, Any]:
    """What stands now: the form as HTML, the boxes on the pages, and the counts."""
    document = review.document
    context = {
        "sections": sections(review),
        "issues": _issues(review),
        "is_mine": is_held_by(person, document),
    }
    return {
        "version": document.version,
        "html": render_to_string("review/_form.html", context),
        "boxes": boxes(review),
        "left": len(review.left),
        "waiting": queue_of(person).exclude(pk=document.pk).count(),
        "saved_at": f"{timezone.localtime():%H:%M:%S}",
    }


def is_held_by(person: Person, document: Document) -> bool:
    return document.state == State.TO_REVIEW and holder_of(document) == person


def status_of(error: StrongroomError) -> int:
    """409 where somebody else was quicker, 422 where the act itself makes no sense."""
    return CONFLICT if isinstance(error, _CONFLICTS) else UNPROCESSABLE


def refusal(document_id: uuid.UUID, error: StrongroomError) -> dict[str, Any]:
    """{code, sentence, next_step}, and `left` with what is still to be checked."""
    document = Document.objects.get(pk=document_id)
    answer: dict[str, Any] = {"code": error.code, "sentence": error.sentence, "next_step": error.next_step}
    holder = holder_of(document)
    if isinstance(error, ClaimedBySomebody) and holder is not None:
        answer["sentence"] = f"{holder.display_name} is reviewing this document now."
    if isinstance(error, FieldsLeft):
        answer["left"] = _left(load_review(document))
    return answer


def _left(review: Review | None) -> list[dict[str, str]]:
    values = review.left if review else ()
    return [
        {
            "id": Shown(value, spec_at(review.spec, value.path)).element_id,
            "label": value.where,
            "reason": " ".join((*value.broken_rules, *(reason.sentence for reason in value.reasons))),
        }
        for value in values
        if review
    ]


def _issues(review: Review) -> list[dict[str, Any]]:
    """The broken rules, each with the fields to look at; a missing field speaks for itself at its place."""
    known = {value.path: Shown(value, spec_at(review.spec, value.path)) for value in review.values}
    return [
        {"sentence": issue.sentence, "shown": [known[path] for path in issue.paths if path in known]}
        for issue in review.issues
        if issue.code != REQUIRED_MISSING
    ]
