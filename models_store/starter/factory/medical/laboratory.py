"""Single laboratory results: plausible values beside their limits, printed in the ways of laboratories."""

from __future__ import annotations

from dataclasses import dataclass

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import RESULTS

FLAGS = {
    "high": ("H", "High", "*H", "HIGH", "+", "↑", "hoch", "H*", "(H)", "Above high normal", "A"),
    "low": ("L", "Low", "*L", "LOW", "-", "↓", "niedrig", "(L)", "Below low normal"),
    "normal": ("N", "Normal", "normal", "N (Normal)", "WNL", "ok", "Within range"),
}


@dataclass(frozen=True, slots=True)
class Test:
    """A test of the list: its unit, its limits as numbers and its LOINC code."""

    name: str
    unit: str
    low: float
    high: float
    loinc: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """How this laboratory prints numbers, limits and flags."""

    comma: bool
    joint: str
    bracket: str
    flags: dict[str, str]

    @classmethod
    def draw(cls, desk: Desk) -> Numbers:
        random = desk.random
        joint = random.choice(("-", "-", " - ", "–", " to ", "..", " – ", "-"))
        flags = {option: random.choice(words) for option, words in FLAGS.items()}
        if flags["high"] == "A":
            flags["low"] = random.choice(("LL", "L"))
        return cls(desk.chance(0.18), joint, random.choice(("{}", "{}", "{}", "({})", "[{}]")), flags)

    def show(self, number: float, digits: int) -> str:
        text = f"{number:.{digits}f}"
        return text.replace(".", ",") if self.comma else text


def all_tests() -> list[Test]:
    """The tests of the word list."""
    rows = (entry.split("|") for entry in WORDS["clinic_tests"])
    return [Test(name, unit, float(low), float(high), loinc) for name, unit, low, high, loinc in rows]


TESTS = all_tests()


def result(desk: Desk, test: Test, numbers: Numbers) -> tuple[dict[str, str], str]:
    """The printed cells of one test, and what its flag means; an empty flag is not printed."""
    random = desk.random
    option = (
        random.choice(("high", "low", "normal", "normal", "normal")) if test.low else random.choice(("high", "normal"))
    )
    span = test.high - test.low
    value = {
        "high": test.high + span * random.uniform(0.05, 0.8),
        "low": test.low * random.uniform(0.6, 0.95),
        "normal": test.low + span * random.uniform(0.05, 0.95),
    }[option]
    digits = 0 if test.high > 60 else 1 if test.high > 3 else 2
    digits = digits + 1 if test.high < 1.5 else digits
    shown = numbers.show(value, digits)
    if not test.low and desk.chance(0.2) and option == "normal":
        shown = f"<{numbers.show(test.high / 10, digits + 1)}"
    cells = {
        "name": test.name,
        "value": shown,
        "unit": test.unit,
        "reference_range": numbers.bracket.format(_limits(desk, test, numbers, digits)),
        "flag": "" if option == "normal" and desk.chance(0.75) else numbers.flags[option],
    }
    return cells, option


def _limits(desk: Desk, test: Test, numbers: Numbers, digits: int) -> str:
    """The limits; only the upper one where there is no lower."""
    high = numbers.show(test.high, digits)
    if not test.low and desk.chance(0.7):
        return desk.random.choice(("<{}", "< {}", "<={}", "0{joint}{}", "up to {}", "bis {}")).format(
            high, joint=numbers.joint
        )
    return f"{numbers.show(test.low, digits)}{numbers.joint}{high}"


def short_results(desk: Desk, dates: Dates, most: int) -> list[str]:
    """A few results in a small table or as lines."""
    numbers, random = Numbers.draw(desk), desk.random
    columns = ["name", "value", "unit", *(name for name in ("reference_range", "flag") if desk.chance(0.6))]
    dated = desk.chance(0.4)
    lines = []
    if desk.chance(0.7):
        heads = [desk.phrase(column.labels) for name in columns for column in RESULTS.columns if column.name == name]
        lines.append("  ".join([*(["Date"] if dated else []), *heads]))
    rows: list[Row] = []
    for test in random.sample(TESTS, random.randint(1, max(1, most))):
        cells, option = result(desk, test, numbers)
        row = {n: desk.draft.mark(cells[n], option if n == "flag" else "") for n in columns if cells[n]}
        rows.append(row)
        lines.append("  ".join([*([dates.past(1)] if dated else []), *row.values()]))
    desk.rows(RESULTS, rows)
    return lines
