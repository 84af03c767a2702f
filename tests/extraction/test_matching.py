"""Labelled values meet found ones: one by one, in any order, row by row."""

from __future__ import annotations

import pytest

from extraction.matching import Pair, match
from extraction.records import FieldValue, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.scores import score_document
from tests.extraction.example_types import ITEMS, one_field

ROWS = DocumentTypeSpec(name="t", fields=(ITEMS,))


def _values(found: dict[ValuePath, str | None]) -> list[FieldValue]:
    return [FieldValue(path, raw) for path, raw in found.items()]


def _rows(*rows: tuple[str | None, str | None]) -> list[FieldValue]:
    cells = [(n, dict(zip(("description", "amount"), row, strict=True))) for n, row in enumerate(rows)]
    return _values({("line_items", n, name): raw for n, row in cells for name, raw in row.items()})


def _seen(pairs: tuple[Pair, ...]) -> dict[str, tuple[str | None, bool]]:
    return {pair.path: (pair.value.raw if pair.value else None, pair.is_right) for pair in pairs}


def test_a_single_value_has_its_own_path() -> None:
    (pair,) = match(_values({("value",): "a"}), {"value": "A"}, one_field())
    assert (pair.path, pair.field, pair.accepted) == ("value", "value", ("A",))
    assert (pair.is_right, pair.is_exact, pair.is_extra) == (True, False, False)


@pytest.mark.parametrize(("raw", "is_right"), [(None, True), ("x", False)])
def test_a_null_is_right_where_nothing_was_found(raw: str | None, is_right: bool) -> None:
    (pair,) = match(_values({("value",): raw}), {"value": None}, one_field())
    assert (pair.accepted, pair.is_right) == ((), is_right)


def test_values_in_any_order_find_the_exact_one_first() -> None:
    values = _values({("value", 0): "B", ("value", 1): "b", ("value", 2): "c"})
    pairs = match(values, {"value": ["b", "B", "d"]}, one_field(many=True))
    assert _seen(pairs) == {
        "value[0]": ("b", True),
        "value[1]": ("B", True),
        "value[2]": (None, False),
        "value[+0]": ("c", False),
    }
    assert [pair.is_exact for pair in pairs] == [True, True, False, False]
    assert [pair.field for pair in pairs] == ["value"] * 4


def test_an_empty_list_is_a_null_of_its_own() -> None:
    kept = match([], {"value": []}, one_field(many=True))
    lost = match(_values({("value", 0): "x"}), {"value": []}, one_field(many=True))
    assert _seen(kept) == {"value": (None, True)}
    assert _seen(lost) == {"value": (None, False), "value[+0]": ("x", False)}
    assert [pair.is_extra for pair in lost] == [False, True]


def test_a_row_does_not_take_the_partner_that_fits_another_better() -> None:
    found = _rows(("Tea", "2"), ("Cake", "9"))
    gold = [{"description": "Tea", "amount": 9}, {"description": "Tea", "amount": 2}]
    assert _seen(match(found, {"line_items": gold}, ROWS)) == {
        "line_items[0].description": ("Cake", False),
        "line_items[0].amount": ("9", True),
        "line_items[1].description": ("Tea", True),
        "line_items[1].amount": ("2", True),
    }


def test_rows_without_partner_are_missed_or_extra() -> None:
    gold = [{"description": "Tea", "amount": None}]
    missed = match([], {"line_items": gold}, ROWS)
    assert _seen(missed) == {"line_items[0].description": (None, False), "line_items[0].amount": (None, True)}
    extra = match(_rows(("Tea", None), ("Pie", None)), {"line_items": gold}, ROWS)
    assert _seen(extra)["line_items[+0].description"] == ("Pie", False)
    assert "line_items[+0].amount" not in _seen(extra)


def test_an_empty_list_of_rows_is_kept_or_lost() -> None:
    assert _seen(match([], {"line_items": []}, ROWS)) == {"line_items": (None, True)}
    lost = _seen(match(_rows(("Tea", "1")), {"line_items": []}, ROWS))
    assert lost["line_items"] == (None, False)
    assert lost["line_items[+0].amount"] == ("1", False)


def test_a_group_without_label_asks_for_nothing_in_it() -> None:
    seller = FieldSpec(name="seller", kind=Kind.GROUP, fields=(FieldSpec(name="city"),))
    document_type = DocumentTypeSpec(name="t", fields=(seller,))
    pairs = match(_values({("seller", "city"): "Bonn"}), {"seller": None}, document_type)
    assert _seen(pairs) == {"seller.city": ("Bonn", False)}


def test_one_of_several_accepted_spans_is_paired_with_the_right_one() -> None:
    document_type = one_field(many=True, description="right if it equals any of them")
    values = _values({("value", 0): "x", ("value", 1): "b", ("value", 2): "a"})
    assert _seen(match(values, {"value": ["a", "b"]}, document_type)) == {
        "value": ("b", True),
        "value[+0]": ("x", False),
    }


def test_counts_follow_from_the_pairs() -> None:
    found = _rows(("Tea", "1"), ("Pie", "9"))
    gold = {"line_items": [{"description": "Tea", "amount": 2}]}
    score = score_document(found, gold, ROWS)
    counts = score.lenient["line_items.amount"], score.lenient["line_items.description"]
    assert [(c.right, c.wrong, c.missed) for c in counts] == [(0, 2, 1), (1, 1, 0)]
