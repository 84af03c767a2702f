from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.errors import DecodingFailed
from extraction.grammar import build_grammar, grammar_digest
from extraction.language_model import Limits
from extraction.prompt import Prompt
from extraction.schema import DocumentTypeSpec
from extraction.spans import UnitIndex, units
from tests.extraction.example_types import ABSENT, EVERYTHING, ITEMS, one_field
from tests.extraction.fakes import scripted

TEXT = 'ACME "Best" Ltd, back\\slash 12.50 RM 4 March 2024 end'


def _allows(document_type: DocumentTypeSpec, text: str, answer: object, *, lines: int = 200) -> bool:
    try:
        grammar = build_grammar(document_type, text, lines=lines)
        generation = scripted(answer).generate(Prompt(()), grammar, limits=Limits(5000))
        return generation.finished and json.loads(generation.answer) == answer
    except DecodingFailed:
        return False


@pytest.mark.parametrize(
    "value", [None, "ACME", 'ACME "Best" Ltd', '"', "back\\slash", "slash 12", "50 RM", TEXT], ids=repr
)
def test_a_text_may_be_any_span_of_units(value: str | None) -> None:
    assert _allows(one_field(), TEXT, {"value": value})


@pytest.mark.parametrize("value", ["", " ", "ACME ", " ACME", "ACM", "acme", "ACME Ltd", "2.50", "true"], ids=repr)
def test_a_text_may_be_nothing_else(value: str) -> None:
    assert not _allows(one_field(), TEXT, {"value": value})


@pytest.mark.parametrize("kind", ["date", "amount", "number"])
def test_number_like_kinds_need_a_digit(kind: str) -> None:
    assert _allows(one_field(kind), TEXT, {"value": "12.50 RM"})
    assert _allows(one_field(kind), TEXT, {"value": "4 March 2024"})
    assert not _allows(one_field(kind), TEXT, {"value": "ACME"})
    assert not _allows(one_field(kind), "a \x01 b", {"value": "\x01"})


def test_spans_are_capped_in_words() -> None:
    many = " ".join(["9"] * 100)
    assert _allows(one_field("amount"), many, {"value": " ".join(["9"] * 6)})
    assert not _allows(one_field("amount"), many, {"value": " ".join(["9"] * 7)})
    assert _allows(one_field(), many, {"value": " ".join(["9"] * 60)})
    assert not _allows(one_field(), many, {"value": " ".join(["9"] * 61)})


def test_rows_are_capped() -> None:
    text = "ACME " * 300 + "end"
    assert _allows(one_field(many=True), text, {"value": ["ACME"] * 200})
    assert not _allows(one_field(many=True), text, {"value": ["ACME"] * 201})


def test_a_list_has_as_many_values_as_the_text_has_words() -> None:
    assert _allows(one_field(many=True), "a b", {"value": ["a", "b"]})
    assert not _allows(one_field(many=True), "a b", {"value": ["a", "b", "a"]})


def test_a_list_has_as_many_rows_as_the_text_has_lines() -> None:
    document_type = DocumentTypeSpec(name="rows", fields=(ITEMS,))
    row = {"description": "ACME", "amount": None}
    assert _allows(document_type, TEXT, {"line_items": [row] * 3}, lines=3)
    assert not _allows(document_type, TEXT, {"line_items": [row] * 4}, lines=3)


def test_a_repeated_value_is_never_null() -> None:
    assert _allows(one_field(many=True), TEXT, {"value": []})
    assert not _allows(one_field(many=True), TEXT, {"value": [None]})


def test_a_whole_answer_stands_in_the_order_of_the_schema() -> None:
    answer = ABSENT | {
        "company": 'ACME "Best" Ltd',
        "payment": 'credit "card"',
        "paid": False,
        "notes": ["ACME", "end"],
        "line_items": [{"description": "RM", "amount": "12.50"}, {"description": None, "amount": None}],
    }
    assert _allows(EVERYTHING, TEXT, answer)
    assert not _allows(EVERYTHING, TEXT, dict(reversed(answer.items())))
    assert not _allows(EVERYTHING, TEXT, answer | {"payment": "cheque"})


@pytest.mark.parametrize("text", ["", "no digits here"])
def test_a_text_that_cannot_serve_a_kind_leaves_null(text: str) -> None:
    assert _allows(EVERYTHING, text, ABSENT)
    assert not _allows(one_field("amount"), text, {"value": "1"})


def test_a_large_window_compiles() -> None:
    text = " ".join(f"word{n} {n}.50" for n in range(8000))
    assert _allows(EVERYTHING, text, ABSENT | {"total": "7999.50", "company": "word7 7"})


def test_the_grammar_is_deterministic() -> None:
    assert build_grammar(EVERYTHING, TEXT) == build_grammar(EVERYTHING, TEXT)
    assert grammar_digest() == grammar_digest()


@given(st.text())
def test_units_joined_give_the_text(text: str) -> None:
    assert "".join(units(text)) == text


@given(st.lists(st.sampled_from(["ab", "1", " ", "-", "é", "🙂"]), min_size=1, max_size=30), st.data())
def test_the_index_finds_every_place(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    pieces = units(text)
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first + 1, len(pieces)))
    value = "".join(pieces[first:last])
    found = UnitIndex(text).spans(value)
    assert len("".join(pieces[:first])) in [span.start for span in found]
    assert {text[span.start : span.end] for span in found} == {value}


def test_the_index_knows_no_other_places() -> None:
    index = UnitIndex("total 12 subtotal 120 total")
    assert [span.start for span in index.spans("total")] == [0, 22]
    assert index.spans("12 sub") == index.spans("") == index.spans("total x") == ()
