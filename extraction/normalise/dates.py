"""Dates by dateparser, strictly: day, month and year must all be there; words such as "tomorrow" are no dates.

Words around the one date of a span are taken off ("Dated 12 May 2020"); the rule's name then ends in "+around".
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from babel import Locale, localedata
from dateparser.data.languages_info import language_order  # type: ignore[import-untyped]
from dateparser.date import DateDataParser  # type: ignore[import-untyped]

from extraction.normalise.around import AROUND, parts_between_words
from extraction.records import Reading

_ISO = re.compile(r"((?:19|20)\d{2})(-?)(\d{2})\2(\d{2})(?=$|[T ]\d{2}:)")
_YEAR_FIRST = re.compile(r"\D*\d{4}\D")
_NUMERIC = re.compile(r"\D*(\d{1,4})\s*[./\-,\s]\s*(\d{1,2})\s*[./\-,\s]\s*\d{1,4}(?!\d)")


def read_date(raw: str, *, languages: tuple[str, ...], date_order: str) -> tuple[Reading, ...]:
    """ISO dates. The order of day and month comes from `date_order`; where that is empty and the page does not decide,
    both readings are kept, day first."""
    text = " ".join(raw.split())
    if not any(c.isdigit() for c in text):
        return ()
    whole = _readings(text, languages, date_order)
    if whole:
        return whole
    for words, part in parts_between_words(text):
        readings = () if _names_a_month(words, languages) else _readings(part, languages, date_order)
        if readings:
            return tuple(Reading(reading.normal, reading.rule + AROUND) for reading in readings)
    return ()


def _readings(text: str, languages: tuple[str, ...], date_order: str) -> tuple[Reading, ...]:
    plain = _iso(text)
    if plain:
        return (Reading(plain.isoformat(), "date:iso"),)
    found: dict[str, str] = {}
    for order in _orders(text, date_order):
        day = _parse(text, languages, order)
        if day:
            found.setdefault(day.isoformat(), _rule(text, day))
    return tuple(Reading(normal, rule) for normal, rule in found.items())


def _iso(text: str) -> date | None:
    """2024-03-04, 20240304, each with or without a time."""
    match = _ISO.match(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def _orders(text: str, date_order: str) -> tuple[str, ...]:
    if _YEAR_FIRST.match(text):
        return ("YMD",)
    if date_order:
        return (date_order,)
    return ("DMY", "MDY") if _NUMERIC.match(text) else ("DMY",)


def _rule(text: str, day: date) -> str:
    """The order that was really used: 12/31/2024 can only be month first, whatever was expected."""
    match = _NUMERIC.match(text)
    if match is None:
        return "date:words"
    if _YEAR_FIRST.match(text):
        return "date:ymd"
    first, second = int(match[1]), int(match[2])
    return "date:dmy" if (first, second) == (day.day, day.month) else "date:mdy" if first == day.month else "date:ymd"


def _parse(text: str, languages: tuple[str, ...], order: str) -> date | None:
    data = _parser(languages, order).get_date_data(text)
    return data.date_obj.date() if data and data.date_obj else None


@cache
def _parser(languages: tuple[str, ...], order: str) -> DateDataParser:
    settings = {"DATE_ORDER": order, "STRICT_PARSING": True, "PARSERS": ["absolute-time"], "NORMALIZE": True}
    known = [language for language in dict.fromkeys((*languages, "en")) if language in language_order]
    return DateDataParser(languages=known, settings=settings)


def _names_a_month(words: str, languages: tuple[str, ...]) -> bool:
    """ "12 May 2020 to June": the month that stands apart may belong to the date."""
    found = {word.casefold() for word in re.findall(r"[^\W\d_]+", words)}
    return not found.isdisjoint(_months(languages))


@cache
def _months(languages: tuple[str, ...]) -> frozenset[str]:
    locales = [Locale(language) for language in (*languages, "en") if localedata.exists(language)]
    names = (locale.months["format"][width].values() for locale in locales for width in ("wide", "abbreviated"))
    return frozenset(name.strip(".").casefold() for some in names for name in some)
