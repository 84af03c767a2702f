"""Where a day is printed, in any of the usual forms. What is found is read again by our own normaliser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from extraction.normalise.dates import read_date
from extraction.records import Span
from extraction.schema import DocumentTypeSpec
from models_store.tuning.printed import PrintedText

_BETWEEN = r"(?:\s?[./\-–,]\s?|\s)"
_MONTH = r"[^\W\d_]{3,12}"
_LOOSE = r"[\s.,\-/'’]{0,3}"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª)?"
_TAKEN = r"({})(?!\d)"
_OF = r"(?:\s(?:of|de|day\sof))?"


def day_places(printed: PrintedText, gold: str, document_type: DocumentTypeSpec) -> tuple[Span, ...]:
    """All spans that say the day of `gold`, in order; empty where `gold` is no date. A date that can be read in two
    ways ("04/03/2024") is found in both."""
    days = _days(gold, document_type.languages, document_type.date_order)
    spans = {span for day in days for span in _printed(printed, day, document_type)}
    return tuple(sorted(spans, key=lambda span: (span.start, -span.end)))


def _printed(printed: PrintedText, day: str, document_type: DocumentTypeSpec) -> Iterator[Span]:
    for match in (match for pattern in _patterns(day) for match in pattern.finditer(printed.text)):
        span = Span(match.start(1), match.end(1))
        if printed.is_possible(span) and day in _days(match[1], document_type.languages, ""):
            yield span


@lru_cache(maxsize=4096)
def _days(text: str, languages: tuple[str, ...], date_order: str) -> tuple[str, ...]:
    readings = read_date(text.strip(), languages=languages, date_order=date_order)
    return tuple(reading.normal for reading in readings)


@lru_cache(maxsize=512)
def _patterns(day: str) -> tuple[re.Pattern[str], ...]:
    """`day`: YYYY-MM-DD. The group is the date; it is looked ahead for, since in "20 - 03/31/20" the end is meant."""
    y, m, d = day[:4], f"0?{int(day[5:7])}", f"0?{int(day[8:])}"
    year = f"(?:{y}|{y[2:]})"
    orders = ((d, m, year), (m, d, year), (y, m, d))
    numeric = [f"{a}{_BETWEEN}{b}{_BETWEEN}{c}" for a, b, c in orders]
    day_first = f"{d}{_ORDINAL}{_OF}{_LOOSE}{_MONTH}{_OF}{_LOOSE}{year}"
    year_first = f"{y}{_LOOSE}{_MONTH}{_LOOSE}{d}"
    month_first = f"{_MONTH}{_LOOSE}{d}{_ORDINAL}{_LOOSE}{year}"
    by_digit = "|".join([*numeric, day.replace("-", ""), day_first, year_first])
    forms = (
        rf"(?<!\d)(?=\d)(?={_TAKEN.format(by_digit)})",
        rf"(?<![^\W\d_])(?=[^\W\d_])(?={_TAKEN.format(month_first)})",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)
