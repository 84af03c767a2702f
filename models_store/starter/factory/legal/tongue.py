"""Dates, periods, amounts and places as prose of one language writes them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random
from typing import Any

from models_store.starter.factory.values import Values

_TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("tongues.toml").read_text(encoding="utf-8"))
LANGUAGES = ("en", "de", "fr", "es")
STATES: list[str] = _TABLES["words"]["states"]
_YEARS = (1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 10, 12, 15, 20)
_MONTHS = (3, 6, 6, 9, 12, 12, 18, 24, 24, 36, 48, 60)
_DAYS = (5, 7, 10, 14, 15, 20, 21, 28, 30, 30, 30, 45, 60, 60, 90, 90, 120, 180)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_CURRENCIES = {
    "$": ("US dollars", "U.S. Dollars", "dollars"),
    "USD": ("US dollars", "United States Dollars"),
    "€": ("euros", "Euro"),
    "EUR": ("euros", "Euros"),
    "£": ("pounds sterling", "pounds"),
    "GBP": ("pounds sterling",),
    "CHF": ("Swiss francs",),
}
Cut = tuple[str, str]
"""What stands before a value, and the value."""


class Tongue:
    """One document's language and habits: the same form of date, period and amount in most places."""

    def __init__(self, language: str, values: Values, random: Random) -> None:
        self.language, self.values, self.random = language, values, random
        self.year = random.randint(1996, 2030)
        self._words = _TABLES[language]
        self._date_form = random.choice(self._words["dates"])
        self._period_form = random.choice(self._words["periods"])
        self._sign = random.choice(tuple(_CURRENCIES)) if language == "en" else random.choice(("EUR", "€", "€", "CHF"))
        self._sign_behind = language != "en" or random.random() < 0.1
        self._cents = random.random() < 0.5
        self._style = random.choice("bbbba") if language == "en" else random.choice("ddddb")

    def date(self, year: int = 0) -> Cut:
        """A date, of this year where one is given, else near the year of the document."""
        r, words = self.random, self._words
        form = self._date_form if r.random() < 0.92 else r.choice(words["dates"])
        day, month, year = r.randint(1, 28), r.randint(1, 12), year or self.year + r.choice((-1, 0, 0, 0, 1))
        name = words["months"][month - 1]
        th = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        text = form.format(d=day, dd=f"{day:02d}", m=month, mm=f"{month:02d}", y=year, month=name, mon=name[:3], th=th)
        before, _, value = text.rpartition("|")
        return before, value

    def endless(self) -> str:
        return str(self.random.choice(self._words["endless"]))

    def term(self) -> str:
        """A long period, of years or months."""
        return self._period("year", _YEARS) if self.random.random() < 0.65 else self._period("month", _MONTHS)

    def notice(self) -> str:
        """A period of days, weeks or months."""
        share = self.random.random()
        if share < 0.65:
            return self._period("day", _DAYS)
        return self._period("week", (1, 2, 3, 4, 6, 8, 12)) if share < 0.75 else self._period("month", _MONTHS[:5])

    def days(self) -> str:
        return self._period("day", _DAYS)

    def _period(self, unit: str, counts: tuple[int, ...]) -> str:
        r, words = self.random, self._words
        count = r.choice(counts)
        form = self._period_form if r.random() < 0.9 else r.choice(words["periods"])
        plural = r.choice(words["days"]) if unit == "day" else words[unit][1]
        return str(
            form.format(n=count, word=words["numbers"][str(count)], unit=plural if count > 1 else words[unit][0])
        )

    def amount(self, low: int, high: int) -> str:
        """A round number between these two (in whole units), without currency."""
        r = self.random
        whole = int(low * (high / low) ** r.random())
        step = 10 ** max(0, len(str(whole)) - r.choice((1, 2, 2, 3)))
        whole = max(step, whole // step * step) if r.random() < 0.8 else whole
        cents = r.randint(0, 99) if r.random() < 0.1 else 0
        separated = f"{whole:,}" if self._style in "bd" else str(whole)
        text = f"{separated}.{cents:02d}" if self._cents or cents else separated
        if self._style == "d":
            text = text.translate(str.maketrans(",.", ".,"))
        return text

    def with_currency(self, marked: str, number: str) -> str:
        """The marked number with its currency around it, now and then spelt out before it."""
        r, sign = self.random, self._sign
        digits = number.replace(",", "")
        if self.language == "en" and r.random() < 0.15 and digits.isdigit():
            words = in_words(int(digits))
            words = words.title() if r.random() < 0.5 else words
            return f"{words} {r.choice(_CURRENCIES[sign])} ({sign}{' ' if len(sign) > 1 else ''}{marked})"
        if self._sign_behind:
            return f"{marked} {sign if self.language != 'en' else r.choice(_CURRENCIES[sign])}"
        return f"{sign} {marked}" if len(sign) > 1 else sign + marked

    def law(self) -> Cut:
        """Whose law applies; the words before it belong to the sentence."""
        r, places = self.random, _TABLES["words"]
        country = r.choice(self.values.pools.country)
        text = r.choice(self._words["laws"]).format(
            country=country,
            state=r.choice(places["states"]),
            province=r.choice(places["provinces"]),
            commonwealth=r.choice(places["commonwealths"]),
            short=r.choice(places["short"]),
        )
        before, _, value = text.rpartition("|")
        return before, value


def nominative(period: str) -> str:
    """A German period in the nominative: drei Jahren -> drei Jahre."""
    return period[:-1] if period.endswith(("Jahren", "Monaten", "agen")) else period


def in_words(number: int) -> str:
    """An English cardinal below a thousand million: 25,300 -> twenty-five thousand three hundred."""
    for size, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = f" {in_words(number % size)}" if number % size else ""
            return f"{in_words(number // size)} {name}{rest}"
    if number < 20:
        return _SMALL[number]
    tens = _TENS[number // 10 - 2]
    return f"{tens}-{_SMALL[number % 10]}" if number % 10 else tens
