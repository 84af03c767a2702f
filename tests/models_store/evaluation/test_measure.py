"""Labelled documents through the real pipeline, with a model that says what it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extraction.errors import DecodingFailed, LabelsError
from extraction.labels import Label
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.evaluation.measure import Case, cases_digest, measure
from models_store.evaluation.records import DocumentOutcome
from tests.extraction.example_types import ITEMS
from tests.extraction.fakes import FakeLanguageModel, scripted, wandering

TYPE = DocumentTypeSpec(
    name="bill",
    fields=(
        FieldSpec(name="seller"),
        FieldSpec(name="total", kind=Kind.AMOUNT),
        FieldSpec(name="paid", kind=Kind.BOOLEAN),
        FieldSpec(name="buyer"),
        ITEMS,
    ),
)
TEXT = "ACME Ltd\nTea 3.50\nTotal 12.50"
GOLD: dict[str, object] = {
    "seller": "acme ltd",
    "total": 12.5,
    "paid": True,
    "buyer": None,
    "line_items": [{"description": "Tea", "amount": "3.50"}],
}
LABEL = Label(id="a", text=TEXT, path=None, fields=GOLD, sender="ACME", original="f" * 64)
ANSWER = {
    "seller": "ACME Ltd",
    "total": "12.50",
    "paid": True,
    "buyer": "Total",
    "line_items": [{"description": "Tea", "amount": "3.50"}, {"description": "Total", "amount": None}],
}


def _measured(model: FakeLanguageModel, label: Label = LABEL) -> DocumentOutcome:
    (outcome,) = measure([Case(label, TYPE)], model)
    return outcome


def test_each_value_with_what_was_expected_and_where_it_stands() -> None:
    outcome = _measured(scripted(ANSWER))
    seen = {value.path: (value.expected, value.got, value.is_right, value.is_exact) for value in outcome.values}
    assert seen == {
        "seller": ("acme ltd", "ACME Ltd", True, False),
        "total": ("12.5", "12.50", True, True),
        "paid": ("true", "true", True, True),
        "buyer": (None, "Total", False, False),
        "line_items[0].description": ("Tea", "Tea", True, True),
        "line_items[0].amount": ("3.50", "3.50", True, True),
        "line_items[+0].description": (None, "Total", False, False),
    }
    total = next(value for value in outcome.values if value.path == "total")
    page, *sides = total.regions[0]
    assert (page, len(sides)) == (1, 4)
    assert all(0 <= side <= 1 for side in sides)
    assert (outcome.original, outcome.sender, outcome.is_valid) == ("f" * 64, "ACME", True)
    assert outcome.texts == outcome.verbatim == 6


def test_confidence_comes_from_the_model() -> None:
    values = {share: _measured(scripted(ANSWER, share=share)).values for share in (0.9, 0.6)}
    for sure, unsure in zip(values[0.9], values[0.6], strict=True):
        assert sure.confidence is not None
        assert unsure.confidence is not None
        assert sure.confidence >= unsure.confidence


def test_a_null_that_is_kept_has_a_confidence_too() -> None:
    outcome = _measured(scripted({**ANSWER, "buyer": None}))
    buyer = next(value for value in outcome.values if value.path == "buyer")
    assert (buyer.is_null, buyer.is_right, buyer.got) == (True, True, None)
    assert buyer.confidence is not None


def test_a_model_that_cannot_answer_misses_everything() -> None:
    def fails(answer: bytes, legal: object) -> int:
        raise DecodingFailed("nothing")

    outcome = _measured(FakeLanguageModel(fails))
    assert (outcome.error, outcome.is_valid, outcome.counts().right) == ("decoding_failed", False, 0)
    assert outcome.counts().missed == 5


@pytest.mark.parametrize("seed", range(3))
def test_the_worst_model_is_still_valid_and_verbatim(seed: int) -> None:
    outcome = _measured(wandering(seed))
    assert outcome.is_valid
    assert outcome.texts == outcome.verbatim


def test_the_digest_covers_text_labels_and_type() -> None:
    def digest(label: Label, document_type: DocumentTypeSpec = TYPE) -> str:
        return cases_digest([Case(label, document_type)])

    changed = [
        digest(replace(LABEL, text=f"{TEXT}!")),
        digest(replace(LABEL, fields={**GOLD, "buyer": "x"})),
        digest(LABEL, TYPE.model_copy(update={"name": "other"})),
    ]
    assert digest(LABEL) == digest(replace(LABEL, weight=0.3))
    assert len({digest(LABEL), *changed}) == 4


def test_a_label_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelsError):
        _measured(scripted(ANSWER), replace(LABEL, text=None, path=tmp_path / "a.pdf"))
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert _measured(scripted(ANSWER), replace(LABEL, text=None, path=tmp_path / "a.txt")).texts == 6


def test_progress_is_told_document_by_document() -> None:
    told: list[str] = []
    cases = [Case(replace(LABEL, id=str(n)), TYPE) for n in range(3)]
    measure(cases, scripted(ANSWER), on_document=lambda outcome: told.append(outcome.id))
    assert told == ["0", "1", "2"]
