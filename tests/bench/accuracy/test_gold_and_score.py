"""What a label asks for, and how answers to it are counted."""

from __future__ import annotations

import pytest

from bench.accuracy.cases import Case
from bench.accuracy.gold import Gold, read_gold
from bench.accuracy.loose import same_words
from bench.accuracy.score import Tally
from extraction.records import FieldValue
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.text_document import document_from_text

ROWS = FieldSpec(name="items", kind=Kind.LIST, fields=(FieldSpec(name="amount", kind=Kind.AMOUNT),))
TYPE = DocumentTypeSpec(
    name="receipt",
    fields=(
        FieldSpec(name="seller"),
        FieldSpec(name="total", kind=Kind.AMOUNT),
        FieldSpec(name="notes", many=True),
        FieldSpec(name="buyer", kind=Kind.GROUP, fields=(FieldSpec(name="city"),)),
        ROWS,
    ),
)


def _case(gold: Gold) -> Case:
    return Case("a", "", TYPE, gold, lambda: document_from_text(""))


def _answer(**values: str | None) -> list[FieldValue]:
    return [FieldValue((name,), raw) for name, raw in values.items()]


def test_only_printed_values_are_asked_for() -> None:
    fields = {"seller": "ACME", "total": 12.5, "notes": ["a", "b"], "iban": "X"}
    gold = read_gold(fields, {"seller": True, "total": False, "notes": ["a"], "iban": None})
    assert gold == Gold({"seller": "ACME", "notes": ["a"]}, {})


def test_without_visible_all_values_are_asked_for() -> None:
    assert read_gold({"seller": "ACME", "total": 0}).printed == {"seller": "ACME", "total": 0}


def test_an_empty_label_counts_only_where_it_is_sure() -> None:
    fields = {"seller": None, "notes": [], "buyer": {"city": None, "name": "Bo"}}
    assert read_gold(fields, {"seller": False}).absent == {}
    sure = read_gold(fields, {"seller": False}, nulls_are_sure=True)
    assert sure.empty_fields == ("seller", "notes", "buyer.city")
    assert sure.printed == {"buyer": {"name": "Bo"}}


def test_values_and_nulls_are_counted_apart() -> None:
    tally = Tally()
    tally.add(_case(Gold({"total": "12.50"}, {"seller": None, "notes": []})), _answer(total="12.50", seller="ACME"))
    figures = tally.figures()
    assert (figures["f1"], figures["values"], figures["values_right"]) == (1.0, 1, 1.0)
    assert (figures["nulls"], figures["nulls_right"], figures["invented"]) == (2, 0.5, 0.5)
    assert figures["fields"]["seller"]["invented"] == 1.0
    assert figures["fields"]["notes"]["invented"] == 0.0


def test_rows_and_groups_that_should_be_empty_are_invented() -> None:
    tally = Tally()
    filled = [FieldValue(("items", 0, "amount"), "3"), FieldValue(("buyer", "city"), "Rome")]
    tally.add(_case(Gold({}, {"items": [], "buyer": {"city": None}})), filled)
    assert tally.figures()["invented"] == 1.0


def test_a_refused_document_misses_its_values_and_invents_nothing() -> None:
    tally = Tally()
    tally.refuse(_case(Gold({"total": "12.50"}, {"seller": None})))
    figures = tally.figures()
    assert (figures["refused"], figures["documents"], figures["f1"], figures["nulls_right"]) == (1, 1, 0.0, 1.0)


def test_seconds_are_a_mean() -> None:
    tally = Tally()
    for seconds in (1.0, 3.0):
        tally.add(_case(Gold({"total": "1"}, {})), _answer(total="1"), seconds=seconds)
    assert tally.figures()["seconds_per_document"] == 2.0


def test_a_loose_field_is_compared_by_its_words() -> None:
    strict, loose = Tally(), Tally(frozenset({"seller"}))
    for tally in (strict, loose):
        tally.add(_case(Gold({"seller": "Tom Steyer 2020"}, {})), _answer(seller="POL/ Tom Steyer / D"))
    assert (strict.figures()["f1"], loose.figures()["f1"]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Priorities USA Action", "PRIORITIES USA ACTION (PAC)", True),
        ("Committee for a Better Ohio", "Ohio Victory Fund", False),
        ("AB PAC", "CD PAC", False),
        ("2020", "2016", False),
    ],
)
def test_words_of_names(one: str, other: str, alike: bool) -> None:
    assert same_words(one, other) is alike
