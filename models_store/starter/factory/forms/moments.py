"""Days as numbers and as the texts that forms print: one style a document."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from models_store.starter.factory.values import MONTHS

_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMERIC = (
    "{m:02d}/{d:02d}/{y:02d}", "{m:02d}/{d:02d}/{year}", "{m}/{d}/{year}", "{m}/{d}/{y:02d}",
    "{d:02d}/{m:02d}/{year}", "{d:02d}.{m:02d}.{year}", "{year}-{m:02d}-{d:02d}", "{d:02d}-{m:02d}-{year}",
    "{m:02d}-{d:02d}-{y:02d}", "{year}/{m:02d}/{d:02d}",
)  # fmt: skip
_WORDED = (
    "{mon}{d:02d}/{y:02d}", "{d} {month} {year}", "{month} {d}, {year}", "{d:02d}-{mon}-{year}", "{mon} {d}, {year}",
    "{weekday}, {month} {d}, {year}", "{d:02d} {mon} {year}", "{mon}. {d}, {year}", "{d:02d}{MON}{y:02d}",
)  # fmt: skip
AMERICAN = _NUMERIC[:4]
STYLES = (*_NUMERIC, *_WORDED)
LONG = ("{month} {d}, {year}", "{d} {month} {year}", "{month} {d},{year}", "{mon}. {d}, {year}", "{m}/{d}/{year}")


def printed(day: date, style: str) -> str:
    """The day in this style."""
    month = MONTHS[day.month - 1]
    mon = month[:3]
    return style.format(
        d=day.day, m=day.month, y=day.year % 100, year=day.year, month=month, mon=mon, MON=mon.upper(),
        weekday=_WEEKDAYS[day.weekday()],
    )  # fmt: skip


def some_day(random: Random, first: int = 1988, last: int = 2027) -> date:
    """A day of these years, the later ones more often."""
    year = max(random.randint(first, last), random.randint(first, last))
    return date(year, random.randint(1, 12), random.randint(1, 28))


def later(day: date, random: Random, low: int, high: int) -> date:
    return day + timedelta(days=random.randint(low, high))


def birthday(random: Random) -> date:
    return some_day(random, 1935, 2006)


def clock(random: Random) -> str:
    """A time of day."""
    hour, minute = random.randint(1, 12), random.randint(0, 59)
    seconds = f":{random.randint(0, 59):02d}" if random.random() < 0.6 else ""
    half = random.choice((" AM", " PM", "am", "pm", "")) or ""
    return f"{hour:02d}:{minute:02d}{seconds}{half}" if random.random() < 0.5 else f"{hour}:{minute:02d}{seconds}{half}"
