"""One document's dates: all printed in one form, in a plausible order around the day of issue."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from models_store.starter.factory.trade.grammar import read_table

_FIRST, _DAYS = date(2009, 1, 1), 6900
_FORMS = {
    "dmy": ("{d:02}/{m:02}/{y}",) * 5
    + ("{d:02}-{m:02}-{y}", "{d:02}-{m:02}-{y}", "{d:02}/{m:02}/{s:02}", "{d:02}-{m:02}-{s:02}", "{d}/{m}/{y}")
    + ("{d:02} {b} {y}", "{d:02}/{B}/{y}", "{d:02}-{b}-{y}", "{d:02}.{m:02}.{y}", "{d} {n} {y}", "{y}-{m:02}-{d:02}"),
    "d.m.y": ("{d:02}.{m:02}.{y}",) * 8
    + (
        "{d:02}.{m:02}.{s:02}",
        "{d}.{m}.{y}",
        "{d}. {n} {y}",
        "{d:02}. {n} {y}",
        "{y}-{m:02}-{d:02}",
        "{d:02}/{m:02}/{y}",
    ),
    "d-m-y": ("{d:02}-{m:02}-{y}",) * 4
    + ("{d:02}-{m:02}-{s:02}", "{d} {n} {y}", "{d:02}.{m:02}.{y}", "{d}-{m}-{y}", "{d:02}/{m:02}/{y}"),
    "ymd": ("{y}-{m:02}-{d:02}",) * 4 + ("{y}/{m:02}/{d:02}", "{y}{m:02}{d:02}", "{d} {n} {y}", "{y}.{m:02}.{d:02}"),
    "mdy": ("{m:02}/{d:02}/{y}",) * 4
    + ("{m}/{d}/{y}", "{m:02}/{d:02}/{s:02}", "{n} {d}, {y}", "{b} {d}, {y}", "{m:02}-{d:02}-{y}", "{b} {d:02} {y}"),
}


class Diary:
    """`today` is the day of issue."""

    def __init__(self, order: str, tongue: str, random: Random) -> None:
        self.today = _FIRST + timedelta(days=random.randrange(_DAYS))
        self._form = random.choice(_FORMS[order])
        self._months = read_table("months.toml")[tongue]

    def text(self, days: int = 0) -> str:
        """The day that is so many days after the day of issue."""
        day = self.today + timedelta(days=days)
        name = self._months[day.month - 1]
        short = name[:3]
        return self._form.format(d=day.day, m=day.month, y=day.year, s=day.year % 100, n=name, b=short, B=short.upper())

    def month(self, days: int = 0) -> str:
        """Month and year, as headings of periods print them."""
        day = self.today + timedelta(days=days)
        return f"{self._months[day.month - 1]} {day.year}"
