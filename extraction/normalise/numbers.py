"""Amounts and numbers: the currency taken off, the sign kept, the digits read by the customs of a language (CLDR).

Words before the one number of a span are taken off ("Total GBP 17.80"); the rule's name then ends in "+around".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale, localedata
from babel.numbers import NumberFormatError, list_currencies, parse_decimal

from extraction.normalise.around import AROUND, parts_before_words
from extraction.records import Reading

_OTHER_CUSTOMS = ("en", "de", "fr", "de_CH", "en_IN")
"""Tried in turn when the languages of the document type do not fit."""
_LOCAL_SIGNS = (
    "RM",
    "Rs",
    "kr",
    "Fr",
    "SFr",
    "zł",
    "Kč",
    "Ft",
    "lei",
    "TL",
    "R$",
    "S$",
    "A$",
    "C$",
    "HK$",
    "NT$",
    "US$",
)
_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"(?P<minus>[-\u2212\u2013])?\s*(?P<digits>[\d.,'\u2019\s]*\d)\s*(?P<after>[-\u2212\u2013])?")
_MILLS = re.compile(r"\d{1,3}[.,]\d{3}")
"""One separator and three digits: thousands in one country, three decimals in another."""

_TURNS_SIGN = re.compile(r"[-\u2212\u2013]$|\b(minus|less)\b", re.IGNORECASE)
_LONE_DASH = re.compile(r"[-\u2212\u2013]\s")
"""After a word, a dash with a blank behind it may be a minus or a mere dash: no reading."""


def read_number(raw: str, *, languages: tuple[str, ...]) -> tuple[Reading, ...]:
    """Plain decimals such as "-1234.50". The first reading follows the first language; "1.234" keeps both readings.
    A percentage gives its number; its rule begins with "percent"."""
    text = _BLANKS.sub(" ", raw).strip()
    whole = _readings(text, languages)
    if whole:
        return whole
    text = text.removesuffix("/-").rstrip(".,;: ")
    for words, part in (("", text), *parts_before_words(text)):
        readings = () if _TURNS_SIGN.search(words) or _LONE_DASH.match(part) else _readings(part, languages)
        if readings:
            return tuple(Reading(reading.normal, reading.rule + AROUND) for reading in readings)
    return ()


def _readings(raw: str, languages: tuple[str, ...]) -> tuple[Reading, ...]:
    text, is_percent, is_negative = _bare(raw)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return ()
    negative = is_negative or bool(match["minus"]) != bool(match["after"])
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in match["digits"])
    name = "percent" if is_percent else "decimal"
    readings: dict[str, str] = {}
    for custom, value in _values(digits, languages):
        normal = f"{-value if negative and value else value:f}"
        readings.setdefault(normal, f"{name}:{custom}")
    return tuple(Reading(normal, rule) for normal, rule in readings.items())


def _bare(raw: str) -> tuple[str, bool, bool]:
    """The text without currency, percent sign and brackets; whether it is a percentage; whether brackets say minus."""
    text = raw
    is_bracketed = text.startswith("(") and text.endswith(")")
    text = text[1:-1] if is_bracketed else text
    is_percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    text = _currency().sub("", text).strip()
    return text, is_percent, is_bracketed


@cache
def _currency() -> re.Pattern[str]:
    """A currency's code or sign, with an optional dot, at either end (a minus may stand before it)."""
    signs = sorted((*list_currencies(), *_LOCAL_SIGNS), key=len, reverse=True)
    names = "|".join(re.escape(sign) for sign in signs)
    sign = rf"(?:(?:{names})\b\.?|(?:{names})(?=\d)|[$€£¥₹₩₪₫₱฿₺₽₴₦])"
    return re.compile(rf"(?<![^\s\d-]){sign}:?|^{sign}:?", re.IGNORECASE)


def _values(digits: str, languages: tuple[str, ...]) -> Iterator[tuple[str, Decimal]]:
    known = [code for code in languages if localedata.exists(code)]
    own = [(code, value) for code in known if (value := _parse(digits, code)) is not None]
    others = [(code, value) for code in _OTHER_CUSTOMS if (value := _parse(digits, code)) is not None]
    yield from own or others[:1]
    read_as_fraction = bool(own) and "." in f"{own[0][1]:f}"
    if _MILLS.fullmatch(digits) and (read_as_fraction or not own):
        yield from others


def _parse(digits: str, custom: str) -> Decimal | None:
    """Strict: groups must be whole. Blanks and apostrophes count as the custom's own group sign."""
    group = Locale.parse(custom).number_symbols["latn"]["group"]
    text = digits.replace("'", "\u2019")
    text = _BLANKS.sub(group, text) if group.isspace() else text
    try:
        return parse_decimal(text, locale=custom, strict=True)
    except (NumberFormatError, InvalidOperation):  # the latter: more digits than decimals hold
        return None
