"""Numbers for the pictures: a template writes them as SVG, so the page needs no script and no style of its own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 24, 48
"""Room for the numbers and names of the axes, in the picture's own units."""
_CHARACTER, _LINE = 7.2, 15.0
"""Width and height of a letter of a label, about."""


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high` of its unit; `name` says what and in which unit."""

    name: str
    low: float
    high: float
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """`points` as SVG takes them; `kind` picks colour and dashes in the style sheet; `name` is its legend."""

    name: str
    kind: str
    points: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A measured point with its interval from `top` to `bottom`; `title` says it in words."""

    x: float
    y: float
    radius: float
    kind: str
    title: str
    top: float | None = None
    bottom: float | None = None
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0


@dataclass(frozen=True, slots=True)
class Plot:
    """`title` and `description` are for screen readers; a table beside it says the same in numbers."""

    title: str
    description: str
    x: Axis
    y: Axis
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = HEIGHT - BOTTOM

    @property
    def middle_x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def middle_y(self) -> float:
        return (self.top + self.base) / 2

    @property
    def numbers_x(self) -> int:
        return self.left - 8

    @property
    def numbers_y(self) -> int:
        return self.base + 18

    @property
    def name_y(self) -> int:
        return self.height - 8


@dataclass(frozen=True, slots=True)
class Point:
    """What `marks` takes, in the units of the axes."""

    x: float
    y: float
    title: str
    low: float | None = None
    high: float | None = None
    label: str = ""
    kind: str = "candidate"
    radius: float = 5.0


def axis(name: str, values: Iterable[float], *, from_zero: bool = False, until: float | None = None) -> Axis:
    """Round ticks around all values. `until`: never beyond, for shares."""
    known = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = (0.0 if from_zero else min(known)), max(known)
    if high <= low:
        low, high = (low, low + 1) if from_zero else (low - 0.5, high + 0.5)
    step = _round_step((high - low) / 5)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if until is not None:
        high = min(high, until)
    count = round((high - low) / step)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = tuple(Tick(low + n * step, f"{low + n * step:.{digits}f}") for n in range(count + 1))
    return Axis(name, low, high, ticks)


def plot(title: str, description: str, x: Axis, y: Axis, *, width: int = WIDTH) -> Plot:
    """The frame; ticks are moved to their places."""
    drawn = Plot(title, description, x, y, width=width, right=width - RIGHT)
    placed_x = replace(x, ticks=tuple(Tick(_x(drawn, tick.at), tick.label) for tick in x.ticks))
    placed_y = replace(y, ticks=tuple(Tick(_y(drawn, tick.at), tick.label) for tick in y.ticks))
    return replace(drawn, x=placed_x, y=placed_y)


def line(frame: Plot, name: str, kind: str, points: Sequence[tuple[float, float]]) -> Line:
    return Line(name, kind, " ".join(f"{_x(frame, x):.1f},{_y(frame, y):.1f}" for x, y in points))


def marks(frame: Plot, points: Sequence[Point]) -> tuple[Mark, ...]:
    """Labels stand beside their points, lines lower where a point or another label stands already."""
    clear = max((point.radius for point in points), default=0.0) + 6
    taken = [
        (_x(frame, point.x) - point.radius, _x(frame, point.x) + point.radius, _y(frame, point.y) + 4 + lines * _LINE)
        for point in points
        for lines in ((-1, 0, 1) if 2 * point.radius > _LINE else (0,))
    ]
    found = []
    for point in sorted(points, key=lambda point: (point.x, -point.y)):
        x, y = _x(frame, point.x), _y(frame, point.y)
        width = len(point.label) * _CHARACTER
        at_left = x + clear + width > frame.right
        label_x = x - clear - width if at_left else x + clear
        label_y = _free(label_x, y + 4, width, taken) if point.label else y
        found.append(
            Mark(
                round(x, 1),
                round(y, 1),
                round(point.radius, 1),
                point.kind,
                point.title,
                top=None if point.high is None else round(_y(frame, point.high), 1),
                bottom=None if point.low is None else round(_y(frame, point.low), 1),
                label=point.label,
                label_x=round(label_x, 1),
                label_y=round(label_y, 1),
            )
        )
    return tuple(found)


def _free(x: float, y: float, width: float, taken: list[tuple[float, float, float]]) -> float:
    while any(abs(y - other) < _LINE and x < right and left < x + width for left, right, other in taken):
        y += _LINE
    taken.append((x, x + width, y))
    return y


def _x(frame: Plot, value: float) -> float:
    share = (value - frame.x.low) / (frame.x.high - frame.x.low)
    return frame.left + min(max(share, 0.0), 1.0) * (frame.right - frame.left)


def _y(frame: Plot, value: float) -> float:
    share = (value - frame.y.low) / (frame.y.high - frame.y.low)
    return frame.base - min(max(share, 0.0), 1.0) * (frame.base - frame.top)


def _round_step(step: float) -> float:
    """1, 2 or 5 times a power of ten, the next one up."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step - 1e-12)
