"""Pieces of text -> the lines on which they stand, and where a line has column gaps.

Everything is in the units of the page image (pixels), because widths and heights are compared with each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

SAME_LINE_OVERLAP = 0.5
"""Two pieces share a line when they overlap by this part of the lower one's height."""
GAP_CHARACTERS = 1.2
"""A gap wider than the page's normal blank by this many average characters is a column gap."""
LEAST_BLANK, MOST_BLANK = 0.3, 1.0
"""What a normal blank may take, in average characters; justified lines and tables must not shift it further."""
TALL = 2.5
"""Pieces this many times as tall as the usual one (a headline, a stamp) make lines among themselves only."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One word and where it stands, in pixels of the page image."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    ocr_confidence: float | None = None
    upright: bool = True

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Line = list[Piece]


class _OpenLine:
    """A line while it grows to the right; `middle` and `size` follow its last pieces, so a skewed line stays one."""

    def __init__(self, piece: Piece) -> None:
        self.pieces = [piece]
        self.middle = piece.middle
        self.size = piece.height

    def fit(self, piece: Piece) -> float:
        """How well the piece sits on this line: 1 at best, 0 and less when it does not."""
        top, bottom = self.middle - self.size / 2, self.middle + self.size / 2
        lower = max(min(self.size, piece.height), 1e-6)
        overlap = (min(bottom, piece.bottom) - max(top, piece.top)) / lower
        if overlap < SAME_LINE_OVERLAP:
            return 0.0
        return overlap - abs(self.middle - piece.middle) / max(self.size, piece.height, 1e-6) / 2

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        if 0.6 * self.size <= piece.height <= 1.6 * self.size:
            self.middle += (piece.middle - self.middle) / 2
            self.size += (piece.height - self.size) / 2


def group_into_lines(pieces: Sequence[Piece]) -> list[Line]:
    """Lines from top to bottom, each from left to right. Robust to a small skew."""
    if not pieces:
        return []
    usual = median(piece.height for piece in pieces) or 1.0
    tall = [piece for piece in pieces if piece.height > TALL * usual]
    lines = _grow_lines([piece for piece in pieces if piece.height <= TALL * usual], usual) + group_into_lines(tall)
    return sorted(lines, key=lambda line: (median(piece.middle for piece in line), line[0].left))


def _grow_lines(pieces: Sequence[Piece], usual: float) -> list[Line]:
    open_lines: list[_OpenLine] = []
    near: dict[int, list[_OpenLine]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda item: (item.left, item.top)):
        line = _best_line(piece, near[int(piece.middle / usual)])
        if line is not None:
            line.add(piece)
        else:
            line = _OpenLine(piece)
            open_lines.append(line)
        _note_bands(line, near, usual)
    return [line.pieces for line in open_lines]


def _best_line(piece: Piece, candidates: list[_OpenLine]) -> _OpenLine | None:
    best = max(candidates, key=lambda line: line.fit(piece), default=None)
    return best if best is not None and best.fit(piece) > 0 else None


def _note_bands(line: _OpenLine, near: dict[int, list[_OpenLine]], usual: float) -> None:
    for band in range(int(line.middle / usual) - 2, int(line.middle / usual) + 3):
        if line not in near[band]:
            near[band].append(line)


def character_width(line: Line) -> float:
    return sum(piece.right - piece.left for piece in line) / max(sum(len(piece.text) for piece in line), 1)


def normal_blank(lines: Sequence[Line]) -> float:
    """What the blank between two words takes on this page, in average characters."""
    blanks: list[float] = []
    for line in lines:
        width = character_width(line)
        blanks.extend((after.left - before.right) / width for before, after in pairwise(line) if width > 0)
    return min(max(median(blanks), LEAST_BLANK), MOST_BLANK) if blanks else LEAST_BLANK


def find_gaps(line: Line, blank: float) -> list[bool]:
    """For each piece of a line, whether a column gap stands before it."""
    usual = character_width(line)
    gaps = [False]
    for before, after in pairwise(line):
        near = max(character_width([before, after]), 0.8 * usual)
        gaps.append(after.left - before.right > (blank + GAP_CHARACTERS) * near)
    return gaps[: len(line)]
