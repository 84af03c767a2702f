"""Days as papers print them: one style a document, and clock times beside them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_EN = "January February March April May June July August September October November December".split()
_DE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_PATTERNS = (
    "{mm}/{dd}/{y}", "{m}/{d}/{y}", "{mm}/{dd}/{yy}", "{en} {d}, {y}", "{en} {dd}, {y}", "{y}-{mm}-{dd}", "{y}{mm}{dd}",
    "{dd}-{abc}-{y}", "{d}-{abc}-{y}", "{d} {en} {y}", "{dd}.{mm}.{y}", "{d}.{m}.{y}", "{d}. {de} {y}", "{d} {fr} {y}",
    "{d} de {es} de {y}", "{mm}-{dd}-{y}", "{y}/{mm}/{dd}", "{dd}/{mm}/{y}", "{abc} {d}, {y}", "{abc}-{dd}-{y}",
    "{d} {abc} {y}", "{dd}.{mm}.{yy}", "{en} {d} {y}", "{dd}{up}{y}",
)  # fmt: skip
_CLOCKS = ("{h:02d}:{m:02d}", "{h:02d}:{m:02d}:{s:02d}", "{t}:{m:02d} {half}", "{t}:{m:02d}{half}", "{h:02d}{m:02d}")
_JOINTS = (" ", ", ", " at ", " ", "T", " - ", "  ")


@dataclass(frozen=True, slots=True)
class Day:
    year: int
    month: int
    day: int


class Dates:
    """One document's way of printing days. `today` is when the paper was made."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.style = random.choice(_PATTERNS)
        self.clock = random.choice(_CLOCKS)
        self.joint = random.choice(_JOINTS)
        self.today = self.day_in(random.randint(2003, 2027))
        self.stages = [self.today]

    def day_in(self, year: int) -> Day:
        return Day(year, self.random.randint(1, 12), self.random.randint(1, 28))

    def before(self, years: int) -> Day:
        """A day up to that many years before the paper."""
        return self.day_in(self.today.year - self.random.randint(0, years))

    def later(self, step: int) -> Day:
        """A day `step` stages after the first of the paper: admitted and discharged, collected and reported."""
        while len(self.stages) <= step:
            day = self.stages[-1]
            days = self.random.randint(0, 9)
            number = day.day + days
            day = Day(
                day.year + (day.month == 12 and number > 28),
                day.month % 12 + 1 if number > 28 else day.month,
                (number - 1) % 28 + 1,
            )
            self.stages.append(day)
        return self.stages[step]

    def show(self, day: Day, style: str = "") -> str:
        """`day` printed in this document's style, or in the given one."""
        i = day.month - 1
        names = {"en": _EN[i], "de": _DE[i], "fr": _FR[i], "es": _ES[i], "abc": _EN[i][:3], "up": _EN[i][:3].upper()}
        numbers = {"d": day.day, "dd": f"{day.day:02d}", "m": day.month, "mm": f"{day.month:02d}"}
        return (style or self.style).format(**names, **numbers, y=day.year, yy=f"{day.year % 100:02d}")

    def other_style(self) -> str:
        """A style of its own, as headers have beside tables."""
        return self.random.choice(_PATTERNS)

    def past(self, years: int = 12) -> str:
        """Some day before the paper, printed."""
        return self.show(self.before(years))

    def time(self) -> str:
        hour = self.random.randint(6, 20)
        parts = {"h": hour, "t": (hour - 1) % 12 + 1, "half": "AM" if hour < 12 else "PM"}
        return self.clock.format(**parts, m=self.random.randint(0, 59), s=self.random.randint(0, 59))

    def with_time(self, printed: str) -> str:
        """A printed day with a clock time behind it."""
        return printed + self.joint + self.time()
