"""True columns of prose: many words to a line, lines that fill their column, an empty gutter between.

Everything else (table rows, a receipt's prices, two addresses side by side) stays on one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from extraction.read.lines import Line, character_width, find_gaps, group_into_lines

COLUMN_LINES = 4
COLUMN_WORDS = 3.0
COLUMN_FILL = 0.65
MOST_LINES_FOR_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class _Gutter:
    """An empty strip [left, right] between two columns, over the lines [first, last]."""

    first: int
    last: int
    left: float
    right: float


def read_in_columns(lines: list[Line], blank: float, depth: int = 0) -> list[Line]:
    """The same pieces; where a stretch of lines is really two columns of prose, the left one first."""
    if len(lines) < COLUMN_LINES or len(lines) > MOST_LINES_FOR_COLUMNS or depth > 4:
        return lines
    ordered: list[Line] = []
    at = 0
    while at < len(lines):
        gutter = _prose_gutter(lines, at, blank)
        if gutter is None:
            ordered.append(lines[at])
            at += 1
            continue
        block = [piece for line in lines[gutter.first : gutter.last + 1] for piece in line]
        middle = (gutter.left + gutter.right) / 2
        for side in ([p for p in block if p.left < middle], [p for p in block if p.left >= middle]):
            ordered.extend(read_in_columns(group_into_lines(side), blank, depth + 1))
        at = gutter.last + 1
    return ordered


def _prose_gutter(lines: list[Line], first: int, blank: float) -> _Gutter | None:
    """The widest gutter that starts at line `first` and parts two columns of prose."""
    gaps = _gaps_of(lines[first], blank) or _gap_to_next(lines, first)
    for left, right in sorted(gaps, key=lambda gap: gap[0] - gap[1]):
        gutter = _follow_gutter(lines, first, left, right)
        if _is_prose_on_both_sides(lines, gutter, blank):
            return gutter
    return None


def _gaps_of(line: Line, blank: float) -> list[tuple[float, float]]:
    gaps = find_gaps(line, blank)
    return [(line[i - 1].right, line[i].left) for i in range(1, len(line)) if gaps[i]]


def _gap_to_next(lines: list[Line], at: int) -> list[tuple[float, float]]:
    """Between a line and the next where that stands beside it, a little lower: columns with other baselines."""
    if at + 1 == len(lines):
        return []
    line, following = lines[at], lines[at + 1]
    if following[0].top > line[0].top + 1.5 * line[0].height:
        return []
    left, right = sorted((line, following), key=lambda side: side[0].left)
    strip = (left[-1].right, right[0].left)
    return [strip] if strip[1] - strip[0] > character_width(line) else []


def _follow_gutter(lines: list[Line], first: int, left: float, right: float) -> _Gutter:
    """Go down while the strip stays empty; lines on one side only belong to it (columns need not share baselines)."""
    least = character_width(lines[first])
    last = first
    for at in range(first + 1, len(lines)):
        narrowed = _narrow(lines[at], left, right)
        if narrowed is None or narrowed[1] - narrowed[0] < least or _far_below(lines[at - 1], lines[at]):
            break
        left, right = narrowed
        last = at
    return _Gutter(first, last, left, right)


def _narrow(line: Line, left: float, right: float) -> tuple[float, float] | None:
    for piece in line:
        if piece.right <= left or piece.left >= right:
            continue
        if piece.left <= left and piece.right >= right:
            return None
        if piece.left <= left:
            left = max(left, piece.right)
        elif piece.right >= right:
            right = min(right, piece.left)
        else:
            return None
    return left, right


def _far_below(line: Line, following: Line) -> bool:
    distance = min(piece.top for piece in following) - max(piece.bottom for piece in line)
    return distance > 4 * max(piece.height for piece in following)


def _is_prose_on_both_sides(lines: list[Line], gutter: _Gutter, blank: float) -> bool:
    block = lines[gutter.first : gutter.last + 1]
    middle = (gutter.left + gutter.right) / 2
    left = [side for line in block if (side := [piece for piece in line if piece.left < middle])]
    right = [side for line in block if (side := [piece for piece in line if piece.left >= middle])]
    return _is_prose_or_columns(left, blank) and _is_prose_or_columns(right, blank)


def _is_prose_or_columns(lines: list[Line], blank: float) -> bool:
    return _is_prose(lines, blank) or (len(lines) >= COLUMN_LINES and _prose_gutter(lines, 0, blank) is not None)


def _is_prose(lines: list[Line], blank: float) -> bool:
    """Several lines of several words without column gaps, most of them as long as the column is wide."""
    if len(lines) < COLUMN_LINES:
        return False
    words = sum(len(line) for line in lines) / len(lines)
    width = max(line[-1].right for line in lines) - min(line[0].left for line in lines)
    fill = median(line[-1].right - line[0].left for line in lines) / max(width, 1e-6)
    gaps = sum(sum(find_gaps(line, blank)) for line in lines)
    return words >= COLUMN_WORDS and fill >= COLUMN_FILL and gaps <= len(lines) / 4
