"""Whether an extracted value is the labelled one: exactly, or leniently."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from extraction.normalise.dates import read_date
from extraction.normalise.numbers import read_number
from extraction.records import FieldValue
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

Gold = str | int | float | bool
_NUMERIC = frozenset({Kind.AMOUNT, Kind.NUMBER, Kind.TEXT})
_DATED = frozenset({Kind.DATE, Kind.TEXT})


def is_exact(value: FieldValue, gold: Gold) -> bool:
    """The printed text or its normal form is the label, character by character; numbers are compared as numbers."""
    normal = value.reading.normal if value.reading else None
    if isinstance(gold, bool):
        return value.raw == ("true" if gold else "false")
    if isinstance(gold, int | float):
        return _decimal(normal) == Decimal(str(gold))
    return gold in (value.raw, normal)


def is_lenient(value: FieldValue, gold: Gold, spec: FieldSpec, document_type: DocumentTypeSpec) -> bool:
    """The letters and digits are the same, or both are the same number or the same day. Identifiers are never read as
    numbers: 007 is not 7."""
    if value.raw is None:
        return False
    if is_exact(value, gold) or (letters_and_digits(value.raw) == letters_and_digits(str(gold)) != ""):
        return True
    if isinstance(gold, bool):
        return False
    number = spec.kind in _NUMERIC and _same_number(value, gold, document_type)
    return number or (spec.kind in _DATED and _same_day(value, str(gold), document_type))


def letters_and_digits(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _same_number(value: FieldValue, gold: Gold, document_type: DocumentTypeSpec) -> bool:
    ours, theirs = (_number(text, document_type) for text in (value.raw or "", str(gold)))
    return ours is not None and ours == theirs


def _number(text: str, document_type: DocumentTypeSpec) -> Decimal | None:
    plain = _decimal(text)
    return plain if plain is not None else _read_number(text, document_type.languages)


def _same_day(value: FieldValue, gold: str, document_type: DocumentTypeSpec) -> bool:
    """A date in figures that can be read in two ways is the label's day if one of the readings is."""
    ours, theirs = (_days(t, document_type.languages, document_type.date_order) for t in (value.raw or "", gold))
    return not ours.isdisjoint(theirs)


# Items of lists are compared pair by pair, so the same texts come again and again.
@lru_cache(maxsize=65536)
def _read_number(text: str, languages: tuple[str, ...]) -> Decimal | None:
    readings = read_number(text, languages=languages)
    return Decimal(readings[0].normal) if readings else None


@lru_cache(maxsize=65536)
def _days(text: str, languages: tuple[str, ...], date_order: str) -> frozenset[str]:
    return frozenset(reading.normal for reading in read_date(text, languages=languages, date_order=date_order))


def _decimal(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
