"""What can be asked of a labelled document."""

from __future__ import annotations

import pytest

from extraction.records import Span
from extraction.schema import DocumentTypeSpec
from extraction.text_document import document_from_text
from models_store.tuning.nodes import Items, Node, Rows, Single
from models_store.tuning.truth import Truth, find_truth

PAGE = """ACME FOODS
Date 07.11.2024
Milk  2.00
Bread  2.00
Milk  4.00
Total  8.00
fresh today, fresh today"""


def _truth(gold: dict[str, object], document_type: DocumentTypeSpec) -> Truth:
    return find_truth(document_from_text(PAGE), gold, document_type)


def _texts(truth: Truth, node: Node) -> object:
    flat = truth.document.flat_text
    match node:
        case Single():
            return flat[node.places[0].start : node.places[0].end] if node.places else node.closed
        case Items(items):
            return [_texts(truth, item) for item in items]
        case Rows(rows):
            return [{name: _texts(truth, cell) for name, cell in row.items()} for row in rows]
        case _:
            raise AssertionError


def test_absent_is_asked_and_unprinted_is_not(receipt: DocumentTypeSpec) -> None:
    truth = _truth({"shop": "Other Shop", "day": None, "total": 8.0, "paid": "CASH"}, receipt)
    assert {name: _texts(truth, node) for name, node in truth.values.items()} == {
        "day": None,
        "total": "8.00",
        "paid": "cash",
    }
    assert truth.tally == (("shop", False), ("total", True), ("paid", True))


def test_an_option_that_the_type_does_not_know_is_not_asked(receipt: DocumentTypeSpec) -> None:
    assert _truth({"paid": "cheque"}, receipt).values == {}


def test_of_several_accepted_values_the_printed_one_is_taken(receipt: DocumentTypeSpec) -> None:
    truth = _truth({"shop": ["ACME Foods Incorporated", "Acme Foods"]}, receipt)
    assert _texts(truth, truth.values["shop"]) == "ACME FOODS"


def test_twins_of_a_list_have_places_of_their_own(receipt: DocumentTypeSpec) -> None:
    notes = _truth({"notes": ["fresh today", "fresh today"]}, receipt).values["notes"]
    assert isinstance(notes, Items)
    assert notes.items[0].places[0] != notes.items[1].places[0]


def test_a_list_of_which_too_little_is_printed_is_not_asked(receipt: DocumentTypeSpec) -> None:
    assert _truth({"notes": ["fresh today", "cold", "warm"]}, receipt).values == {}


def test_rows_go_down_the_page(receipt: DocumentTypeSpec) -> None:
    gold = [{"what": "Milk", "price": 2}, {"what": "Bread", "price": 2}, {"what": "Milk", "price": 4}]
    rows = _truth({"goods": gold}, receipt).values["goods"]
    assert isinstance(rows, Rows)
    starts = [row["price"].places[0].start for row in rows.rows]
    assert starts == sorted(set(starts))
    assert [row["what"].places[0].start < row["price"].places[0].start for row in rows.rows] == [True] * 3


def test_a_column_with_an_unprinted_cell_is_not_asked(receipt: DocumentTypeSpec) -> None:
    truth = _truth({"goods": [{"what": "Milk", "price": 2}, {"what": "Loaf", "price": 2}]}, receipt)
    assert _texts(truth, truth.values["goods"]) == [{"price": "2.00"}, {"price": "2.00"}]


def _span(text: str, nth: int = 0) -> Span:
    flat = document_from_text(PAGE).flat_text
    start = -1
    for _ in range(nth + 1):
        start = flat.index(text, start + 1)
    return Span(start, start + len(text))


def _placed(gold: dict[str, object], document_type: DocumentTypeSpec, **spans: Span) -> Truth:
    named = {path.replace("__", "[0]."): span for path, span in spans.items()}
    return find_truth(document_from_text(PAGE), gold, document_type, spans=named)


def test_a_span_decides_where_a_value_stands(receipt: DocumentTypeSpec) -> None:
    """The label need not even say what is printed there; other places that print the same stand behind."""
    truth = _placed({"total": "two", "shop": "x"}, receipt, total=_span("2.00", 1))
    total = truth.values["total"]
    assert isinstance(total, Single)
    assert total.places == (_span("2.00", 1), _span("2.00", 0))
    assert dict(truth.tally) == {"total": True, "shop": False}


def test_without_a_span_the_first_place_counts(receipt: DocumentTypeSpec) -> None:
    """The control of the test above."""
    total = _placed({"total": "2.00"}, receipt).values["total"]
    assert isinstance(total, Single)
    assert total.places[0] == _span("2.00", 0)


def test_a_span_decides_the_place_of_a_cell_and_of_an_item(receipt: DocumentTypeSpec) -> None:
    gold = {"goods": [{"what": "Milk", "price": "2.00"}], "notes": ["fresh today"]}
    spans = {
        "goods[0].price": _span("2.00", 1),
        "goods[0].what": _span("Milk", 1),
        "notes[0]": _span("fresh today", 1),
    }
    truth = find_truth(document_from_text(PAGE), gold, receipt, spans=spans)
    goods, notes = truth.values["goods"], truth.values["notes"]
    assert isinstance(goods, Rows)
    assert isinstance(notes, Items)
    assert {name: cell.places for name, cell in goods.rows[0].items()} == {
        "what": (_span("Milk", 1),),
        "price": (_span("2.00", 1),),
    }
    assert notes.items[0].places[0] == _span("fresh today", 1)
    assert {path for path, _ in truth.tally} == {"goods.what", "goods.price", "notes"}


@pytest.mark.parametrize(
    "span", [Span(1, 4), Span(0, 2), Span(10_000, 10_004)], ids=["in a word", "half a word", "outside"]
)
def test_a_span_that_no_answer_can_have_is_not_asked(receipt: DocumentTypeSpec, span: Span) -> None:
    truth = _placed({"shop": "ACME FOODS"}, receipt, shop=span)
    assert truth.values == {}
    assert truth.tally == (("shop", False),)


def test_options_keep_their_place(receipt: DocumentTypeSpec) -> None:
    paid = _placed({"paid": "cash"}, receipt, paid=_span("Milk")).values["paid"]
    assert isinstance(paid, Single)
    assert (paid.closed, paid.places[0]) == ("cash", _span("Milk"))
