"""Lines as an OCR engine recognises them, and their words with boxes: what we know of OCR without the engine."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extraction.read.lines import Piece

Quad = NDArray[np.float64]
"""Four corners (x, y) in pixels: top left, top right, bottom right, bottom left of the text as it reads."""

HOLE = 1.9
"""Two characters this many usual steps apart belong to two words."""
AHEAD, BEHIND = 0.75, 0.5
"""How far a word reaches beyond the places of its first and last character, in steps: characters are seen late."""


@dataclass(frozen=True, slots=True)
class Character:
    """One recognised character and where its middle lies along its line, 0 (start) to 1 (end)."""

    text: str
    place: float
    score: float


@dataclass(frozen=True)
class RecognisedLine:
    """One line as the engine saw it. Blanks are characters too."""

    quad: Quad
    characters: tuple[Character, ...]

    @property
    def score(self) -> float:
        return sum(char.score for char in self.characters) / len(self.characters) if self.characters else 0.0

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.quad[1] - self.quad[0]))

    @property
    def slope(self) -> float:
        """Degrees, clockwise as the picture is seen."""
        x, y = self.quad[1] - self.quad[0]
        return math.degrees(math.atan2(y, x))


def words_of(line: RecognisedLine) -> list[Piece]:
    """The line's words, each with its part of the line's box. A wide hole parts two words even without a blank."""
    step = _usual_step(line.characters)
    pieces: list[Piece] = []
    word: list[Character] = []
    end = 0.0
    for char in (*line.characters, Character(" ", 1.0, 1.0)):
        blank = char.text.isspace()
        if word and (blank or char.place - word[-1].place > HOLE * step):
            start, end = max(word[0].place - AHEAD * step, end), min(word[-1].place + BEHIND * step, 1.0)
            pieces.append(_piece(line.quad, word, start, max(start, end)))
            word = []
        if not blank:
            word.append(char)
    return pieces


def _usual_step(characters: Sequence[Character]) -> float:
    """How far one character's middle is from the next one's, as a part of the line."""
    steps = [
        after.place - before.place
        for before, after in pairwise(characters)
        if not before.text.isspace() and not after.text.isspace()
    ]
    return float(np.median(steps)) if steps else 1 / max(len(characters), 1)


def _piece(quad: Quad, word: Sequence[Character], start: float, end: float) -> Piece:
    top_left, top_right, bottom_right, bottom_left = quad
    corners = np.array(
        [
            top_left + (top_right - top_left) * start,
            top_left + (top_right - top_left) * end,
            bottom_left + (bottom_right - bottom_left) * start,
            bottom_left + (bottom_right - bottom_left) * end,
        ]
    )
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    score = sum(char.score for char in word) / len(word)
    text = unicodedata.normalize("NFC", "".join(char.text for char in word))
    upright = abs(math.atan2(*(top_right - top_left)[::-1])) < math.pi / 4
    return Piece(text, float(left), float(top), float(right), float(bottom), round(score, 4), upright)
