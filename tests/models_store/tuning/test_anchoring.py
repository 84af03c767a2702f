"""Labelled values and the spans that say them."""

from __future__ import annotations

import pytest

from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.tuning.anchoring import anchor
from models_store.tuning.printed import PrintedText


def _found(text: str, gold: str | float, kind: Kind) -> list[str]:
    spec = FieldSpec(name="field", kind=kind)
    document_type = DocumentTypeSpec(name="any", fields=(spec,))
    printed = PrintedText(text)
    return [printed.of(span) for span in anchor(printed, gold, spec, document_type)]


@pytest.mark.parametrize(
    ("text", "gold", "kind", "span"),
    [
        ("Sold by ACME FOODS LTD. in", "Acme Foods Ltd.", Kind.TEXT, "ACME FOODS LTD."),
        ("No.2,Main Street 81100 Town", "NO.2, MAIN STREET, 81100 TOWN", Kind.TEXT, "No.2,Main Street 81100 Town"),
        ("call (555) 123-4567 now", "(555)1234567", Kind.TEXT, "(555) 123-4567"),
        ("signed Jane Q. Doe", "Doe, Jane Q.", Kind.TEXT, "Jane Q. Doe"),
        ("Straße des Friedens", "STRASSE DES FRIEDENS", Kind.TEXT, "Straße des Friedens"),
        ("Flight 03/27/20 - 03/31/20", "2020-03-31", Kind.DATE, "03/31/20"),
        ("issued December 30, 2019.", "2019-12-30", Kind.DATE, "December 30, 2019"),
        ("am 5. März 2024", "2024-03-05", Kind.DATE, None),
        ("on 5th of March 2024", "2024-03-05", Kind.DATE, "5th of March 2024"),
        ("07.11.2024", "2024-11-07", Kind.DATE, "07.11.2024"),
        ("20241107", "2024-11-07", Kind.DATE, "20241107"),
        ("31-JAN-18 10:22", "31/01/2018", Kind.TEXT, "31-JAN-18"),
        ("Gross $5,625.00 due", 5625.0, Kind.AMOUNT, "5,625.00"),
        ("Summe 1.234,56 EUR", 1234.56, Kind.NUMBER, "1.234,56"),
        ("Somme 1 234,56 EUR", 1234.56, Kind.NUMBER, "1 234,56"),
        ("discount -4.00", -4, Kind.AMOUNT, "-4.00"),
        ("discount (4.00)", -4, Kind.AMOUNT, "(4.00)"),
        ("rate 19,00 %", 19.0, Kind.NUMBER, "19,00"),
        ("TOTAL 31.00", "RM31.00", Kind.TEXT, "31.00"),
        ("a 58-year-old", 58, Kind.NUMBER, "58"),
        ("Code 0310 00 and 31.00", "31.00", Kind.AMOUNT, "31.00"),
    ],
)
def test_a_value_is_found_as_it_is_printed(text: str, gold: str | float, kind: Kind, span: str | None) -> None:
    assert _found(text, gold, kind)[:1] == ([span] if span else [])


@pytest.mark.parametrize(
    ("text", "gold", "kind"),
    [
        ("FORWARD TORONTO", "OR", Kind.TEXT),
        ("sold by Acme and Foods", "Acme Foods", Kind.TEXT),
        ("due 12/31/19", "2019-12-30", Kind.DATE),
        ("5,626.00", 5625, Kind.AMOUNT),
        ("A-107", "7", Kind.IDENTIFIER),
        ("only words", "***", Kind.TEXT),
    ],
)
def test_what_is_not_printed_is_not_found(text: str, gold: str | float, kind: Kind) -> None:
    assert _found(text, gold, kind) == []


def test_words_of_their_own_and_the_same_writing_come_first() -> None:
    assert _found("2.50 x 12.50, 2", 2, Kind.NUMBER) == ["2"]
    assert _found("ACME corp, Acme Corp", "Acme Corp", Kind.TEXT) == ["Acme Corp", "ACME corp"]
