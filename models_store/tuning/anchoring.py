"""A labelled value -> the verbatim spans that say it.

    "2019-12-30" -> 12/30/19        5625.0 -> 5,625.00        "ACME Ltd." -> ACME LTD.

Letters and digits are compared; days and numbers also by what they mean. Of several places the first one counts as the
meant one: for the answer it makes no difference, since a value is its text. Text that is exactly the label stands
before text that says it otherwise, words of their own before parts of longer ones.
"""

from __future__ import annotations

from extraction.records import Span
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.tuning.dates import day_places
from models_store.tuning.numbers import number_places
from models_store.tuning.printed import PrintedText

Gold = str | int | float
_COUNTED = frozenset({Kind.AMOUNT, Kind.NUMBER})
_SHORT = 3
"""Fewer letters and digits than this must be a word of their own: "OR" is everywhere."""


def anchor(printed: PrintedText, gold: Gold, spec: FieldSpec, document_type: DocumentTypeSpec) -> tuple[Span, ...]:
    """The spans that say `gold`, the meant one first; empty where it is not printed. `spec` is of a span kind."""
    numbers = number_places(printed, gold, document_type) if spec.kind is not Kind.DATE else ()
    if spec.kind in _COUNTED or not isinstance(gold, str):
        return printed.whole(numbers) or numbers
    said = _exact_first(printed, printed.saying(gold) or printed.saying(_turned(gold)), gold.strip())
    whole = printed.whole(said)
    if whole and (printed.of(whole[0]) == gold.strip() or not numbers):
        return whole
    days = day_places(printed, gold, document_type) if spec.kind in (Kind.DATE, Kind.TEXT) else ()
    if days:
        return days
    if spec.kind is Kind.TEXT and numbers:
        return printed.whole(numbers) or numbers
    is_short = sum(c.isalnum() for c in gold) < _SHORT
    return whole or (() if is_short else said)


def _exact_first(printed: PrintedText, spans: tuple[Span, ...], gold: str) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: (printed.of(span) != gold, span.start)))


def _turned(name: str) -> str:
    """ "Doe, Jane" is printed "Jane Doe" as well."""
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma else ""
