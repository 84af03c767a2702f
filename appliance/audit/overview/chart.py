"""Exceptions by day as stacked bars: numbers for an SVG that the template writes, so the page needs no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appliance.audit.overview.exceptions import KINDS, Day, Exceptions

WIDTH, HEIGHT = 720, 150
LEFT, RIGHT, TOP, BOTTOM = 36, 12, 10, 22
"""Room for the scale's numbers and for the names of days, in the chart's own units."""
LABELS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in the chart's units; `name` picks its colour in the style sheet."""

    name: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One day. `label` is empty where the day's name would run into its neighbour's."""

    x: float
    width: float
    middle: float
    title: str
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    left: int
    base: int
    top: int
    highest: int
    bars: tuple[Bar, ...]

    @property
    def number_x(self) -> int:
        return self.left - 6

    @property
    def top_number_y(self) -> int:
        return self.top + 4

    @property
    def label_y(self) -> int:
        return self.height - 6


def chart_of(found: Exceptions) -> Chart:
    """The highest day fills the height; an empty period has a scale of one."""
    highest = max([1, *(day.total for day in found.days)])
    step = (WIDTH - LEFT - RIGHT) / len(found.days)
    every = -(-len(found.days) // LABELS_AT_MOST)
    bars = tuple(
        Bar(
            x=round(LEFT + place * step + step * 0.15, 2),
            width=round(step * 0.7, 2),
            middle=round(LEFT + place * step + step / 2, 2),
            title=_title(day),
            # Counted from the end, so that today always has its name.
            label=f"{day.day:%d %b}" if (len(found.days) - 1 - place) % every == 0 else "",
            pieces=tuple(_pieces(day, highest)),
        )
        for place, day in enumerate(found.days)
    )
    return Chart(WIDTH, HEIGHT, LEFT, HEIGHT - BOTTOM, TOP, highest, bars)


def _pieces(day: Day, highest: int) -> Iterator[Piece]:
    scale = (HEIGHT - BOTTOM - TOP) / highest
    y = float(HEIGHT - BOTTOM)
    for kind, count in zip(KINDS, day.counts, strict=True):
        if count:
            y -= count * scale
            yield Piece(kind.name, round(y, 2), round(count * scale, 2))


def _title(day: Day) -> str:
    said = [f"{kind.words}: {count}" for kind, count in zip(KINDS, day.counts, strict=True) if count]
    return f"{day.day:%Y-%m-%d}: {'; '.join(said) or 'nothing'}"
