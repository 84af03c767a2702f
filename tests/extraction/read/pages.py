"""Constructed pages for the layout tests: words set at given places in a font of even width."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.read.lines import Line, Piece

CHARACTER = 10.0
HEIGHT = 18.0


def put(text: str, x: float, y: float, *, height: float = HEIGHT, slope: float = 0.0) -> list[Piece]:
    """The words of `text`, the first at (x, y), with one blank between; `slope` pixels down for each pixel right."""
    pieces = []
    for word in text.split(" "):
        top = y + slope * x
        if word:
            pieces.append(Piece(word, x, top, x + CHARACTER * len(word), top + height))
        x += CHARACTER * (len(word) + 1)
    return pieces


def texts(lines: Sequence[Line]) -> list[str]:
    return [" ".join(piece.text for piece in line) for line in lines]
