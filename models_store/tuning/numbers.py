"""Where a number or an amount is printed, whatever its separators. The span holds no currency, as in the factory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from extraction.normalise.numbers import read_number
from extraction.records import Span
from extraction.schema import DocumentTypeSpec
from models_store.tuning.printed import PrintedText

_DIGITS = re.compile(r"(?<!\d)\d+(?:[.,'’]\d+)*")
_GROUPED = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?![\d])")
"""1 234,56: blanks between the groups."""
_MINUS = "-\u2212\u2013"


def number_places(printed: PrintedText, gold: str | float, document_type: DocumentTypeSpec) -> tuple[Span, ...]:
    """All spans that say this number, in order; empty where `gold` is none. Below zero the minus is taken in."""
    wanted = _value(gold, document_type.languages)
    if wanted is None:
        return ()
    spans = {span for pattern in (_DIGITS, _GROUPED) for span in _printed(printed, pattern, wanted, document_type)}
    return tuple(sorted(spans, key=lambda span: span.start))


def _printed(
    printed: PrintedText, pattern: re.Pattern[str], wanted: Decimal, document_type: DocumentTypeSpec
) -> Iterator[Span]:
    bare = _bare(f"{abs(wanted):f}")
    for match in pattern.finditer(printed.text):
        if _bare(match.group()) != bare or abs(wanted) not in _readings(match.group(), document_type.languages):
            continue
        span = Span(match.start(), match.end())
        span = _signed(printed.text, span) if wanted < 0 else span
        if printed.is_possible(span):
            yield span


def _signed(text: str, span: Span) -> Span:
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    if before and before in _MINUS:
        return Span(span.start - 1, span.end)
    if after and after in _MINUS:
        return Span(span.start, span.end + 1)
    return Span(span.start - 1, span.end + 1) if (before, after) == ("(", ")") else span


def _bare(text: str) -> str:
    """The digits that decide: without separators and without zeros at either end. Cheap to compare."""
    return "".join(c for c in text if c.isdigit()).strip("0")


def _value(gold: str | float, languages: tuple[str, ...]) -> Decimal | None:
    try:
        number = Decimal(str(gold).strip())
        return number if number.is_finite() else None
    except InvalidOperation:
        readings = _readings(str(gold), languages)
        return readings[0] if readings else None


@lru_cache(maxsize=65536)
def _readings(text: str, languages: tuple[str, ...]) -> tuple[Decimal, ...]:
    return tuple(Decimal(reading.normal) for reading in read_number(text, languages=languages))
