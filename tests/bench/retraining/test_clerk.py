"""The clerk of the loop: confirms, corrects by pointing, says what is absent, and leaves the rest empty."""

from __future__ import annotations

import pytest

from appliance.accounts.models import Person
from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.review.models import Anchor, Decision, DecisionKind
from appliance.review.queries import load_review
from bench.retraining.clerk import Clerk
from tests.appliance.cast import clara
from tests.appliance.documents import made

__all__ = ["clara"]
pytestmark = pytest.mark.django_db


def decisions(document: Document) -> dict[str, Decision]:
    return {decision.path: decision for decision in Decision.objects.filter(document=document)}


def test_every_value_is_decided_by_what_is_true(clara: Person) -> None:
    document = made.to_review(clara)
    review = load_review(document)
    assert review is not None
    gold = {"company": "ACME Coffee", "total": "12.50", "date": None, "address": "nowhere on this page"}

    Clerk(clara, review.spec).review(document.pk, gold)

    found = decisions(document)
    assert Document.objects.get(pk=document.pk).state == State.ACCEPTED
    assert (found["company"].kind, found["company"].raw) == (DecisionKind.CORRECTED, "ACME Coffee")
    assert found["company"].anchor == Anchor.SPAN
    assert (found["total"].raw, found["total"].anchor) == ("12.50", Anchor.SPAN)
    assert found["date"].kind == DecisionKind.ABSENT
    assert found["address"].kind == DecisionKind.EMPTY


def test_rows_of_the_model_are_replaced_by_the_true_ones(clara: Person) -> None:
    document = made.to_review(clara)
    review = load_review(document)
    assert review is not None

    Clerk(clara, review.spec).review(document.pk, {"line_items": [{"description": "ACME", "amount": "12.50"}]})

    after = load_review(Document.objects.get(pk=document.pk))
    assert after is not None
    rows = {value.path: value.raw for value in after.values if value.path[0] == "line_items"}
    assert rows[("line_items", 0, "description")] == "ACME"
    assert rows[("line_items", 0, "amount")] == "12.50"
