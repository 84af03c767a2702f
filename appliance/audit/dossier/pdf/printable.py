"""What the font of the PDF shows faithfully, and code points for everything else.

The font is fixed-width and is drawn character by character, from left to right. So what it lacks, what is written from
right to left, what joins its neighbours and what is invisible is not drawn: a wrong picture of a value would be worse
than none. Its code points stand in its place, and the piece of the page beside it shows how it looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import groupby

MOST_CODE_POINTS = 40
MOST_CHARACTERS = 600
_RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI", "FSI", "AN"})
_BLANKS = re.compile(r"[\t\n\r\f\v ]+")


def printable(untrusted_text: str, glyphs: Container[int]) -> str:
    """The text in one line, cut at MOST_CHARACTERS. `glyphs`: code points that the font has."""
    text = _BLANKS.sub(" ", untrusted_text)
    rest = len(text) - MOST_CHARACTERS
    said = "".join(_runs(text[:MOST_CHARACTERS], glyphs))
    return f"{said} … ({rest} more characters)" if rest > 0 else said


def is_faithful(character: str, glyphs: Container[int]) -> bool:
    if ord(character) not in glyphs or unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
        return False
    category = unicodedata.category(character)
    is_wide = unicodedata.east_asian_width(character) in ("W", "F")
    return not is_wide and category[0] not in "CM" and category not in ("Zl", "Zp")


def _runs(text: str, glyphs: Container[int]) -> Iterator[str]:
    for faithful, run in groupby(text, key=lambda character: is_faithful(character, glyphs)):
        characters = "".join(run)
        yield characters if faithful else _code_points(characters)


def _code_points(characters: str) -> str:
    named = " ".join(f"U+{ord(character):04X}" for character in characters[:MOST_CODE_POINTS])
    rest = len(characters) - MOST_CODE_POINTS
    return f"‹{named}{f' and {rest} more' if rest > 0 else ''}›"
