"""What can be asked of a labelled document."""

from __future__ import annotations

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
