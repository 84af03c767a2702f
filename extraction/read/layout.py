"""Reading order: pieces of text somewhere on a page -> words on lines, columns of prose one after the other.

A table row, a receipt line with its price at the right and two addresses side by side stay on one line, with a gap.
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction.read.columns import read_in_columns
from extraction.read.lines import Line, Piece, find_gaps, group_into_lines, normal_blank
from extraction.records import Box, Word


def arrange(pieces: Sequence[Piece], *, width: float, height: float) -> tuple[Word, ...]:
    """The words of a page of `width` x `height` in reading order, their boxes as fractions of the page."""
    lines = group_into_lines([piece for piece in pieces if piece.upright])
    blank = normal_blank(lines)
    lines = read_in_columns(lines, blank)
    lines += group_aside([piece for piece in pieces if not piece.upright])
    words: list[Word] = []
    for number, line in enumerate(lines):
        gaps = find_gaps(line, blank)
        words.extend(
            Word(piece.text, _fractions(piece, width, height), number, gap, piece.ocr_confidence)
            for piece, gap in zip(line, gaps, strict=True)
        )
    return tuple(words)


def _fractions(piece: Piece, width: float, height: float) -> Box:
    def part(value: float, whole: float) -> float:
        return round(min(max(value / whole, 0.0), 1.0), 6)

    return Box(part(piece.left, width), part(piece.top, height), part(piece.right, width), part(piece.bottom, height))


def group_aside(pieces: Sequence[Piece]) -> list[Line]:
    """Text that stands across the page (in a margin): as given, a new line where it stands in no row."""
    lines: list[Line] = []
    for piece in pieces:
        last = lines[-1][-1] if lines else None
        if last is not None and min(last.right, piece.right) > max(last.left, piece.left):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines
