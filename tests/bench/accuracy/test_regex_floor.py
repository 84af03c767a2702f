"""The floor finds what plain patterns can, on pages made here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bench.accuracy.regex_floor import RegexFloor, _tables
from bench.accuracy.sets import SETS
from extraction.records import FieldValue
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.text_document import document_from_text


def _ask(table: str, text: str, *fields: FieldSpec) -> dict[tuple[str | int, ...], str | None]:
    document_type = DocumentTypeSpec(name="asked", fields=fields, date_order="DMY")
    values: list[FieldValue] = RegexFloor(table)(document_from_text(text), document_type)
    return {value.path: value.reading.normal if value.reading else value.raw for value in values}


def _expressions(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        yield from (*entry.get("within", ()), entry["each"])
    else:
        yield from entry


def test_every_expression_is_one() -> None:
    entries = [entry for table in _tables().values() for entry in table.values()]
    assert all(re.compile(expression) for entry in entries for expression in _expressions(entry))


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
def test_every_set_has_its_table(one: Any) -> None:
    assert one.floor in _tables()


def test_a_receipt() -> None:
    head = "OLD MILL TRADING\nNO 7, JALAN TEST 3,\n50000 KUALA LUMPUR\nTEL 03-1"
    text = f"{head}\nDate: 03/04/2019\nSub Total 9.00\nTotal 10.00"
    texts = [FieldSpec(name=name) for name in ("company", "address", "total")]
    found = _ask("sroie", text, *texts, FieldSpec(name="date", kind=Kind.DATE))
    assert found == {
        ("company",): "OLD MILL TRADING",
        ("address",): "NO 7, JALAN TEST 3, 50000 KUALA LUMPUR",
        ("total",): "10.00",
        ("date",): "2019-04-03",
    }


def test_a_list_of_values_comes_from_its_section() -> None:
    text = "PROBLEMS\nName  Status\nAsthma  Active\nGout  Resolved\nMEDICATIONS\nName  Dose\nAspirin  1"
    found = _ask("ccda", text, FieldSpec(name="problems", many=True), FieldSpec(name="medications", many=True))
    assert found == {("problems", 0): "Asthma", ("problems", 1): "Gout", ("medications", 0): "Aspirin"}


def test_rows_have_their_columns() -> None:
    cells = tuple(FieldSpec(name=name) for name in ("nm", "price", "etc"))
    found = _ask("cord", "2  Hot Tea  44,000\nTotal  44,000", FieldSpec(name="menu", kind=Kind.LIST, fields=cells))
    assert found == {("menu", 0, "nm"): "Hot Tea", ("menu", 0, "price"): "44,000", ("menu", 0, "etc"): None}


def test_an_option_is_chosen_by_its_letters() -> None:
    kind = FieldSpec(name="document_type", kind=Kind.ENUM, options=("Amendment", "Short-Form"))
    assert _ask("fara_forms", "SHORT FORM registration", kind) == {("document_type",): "Short-Form"}
    assert _ask("fara_forms", "a letter", kind) == {("document_type",): None}


def test_an_unknown_field_is_found_by_its_name() -> None:
    total = FieldSpec(name="order_total")
    found = _ask("any", "Order total: 12.50  net\nIBAN DE89370400440532013000", total, FieldSpec(name="our_iban"))
    assert found == {("order_total",): "12.50", ("our_iban",): "DE89370400440532013000"}
