"""The text layer of one PDF page as words with boxes, from PDFium's boxes of single characters."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from extraction.read.lines import Piece

MOST_CHARACTERS = 400_000
"""No printed page holds more; a bomb of overlaid text does."""
LEAST_CHARACTERS = 12
"""A page with fewer printed characters than this is looked at by OCR as well (a stamp, a page number on a scan)."""
MOST_GARBAGE = 0.25
HYPHENS = {0x0002: "-", 0xFFFE: "-", 0x00AD: "-"}
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


@dataclass(slots=True)
class _Character:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    turns: int = 0


@dataclass(frozen=True, slots=True)
class _Canvas:
    """The affine map from PDF points to pixels of the picture: x = ax*X + bx*Y + cx, y likewise."""

    ax: float
    bx: float
    cx: float
    ay: float
    by: float
    cy: float

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        x0, y0 = self.ax * left + self.bx * bottom + self.cx, self.ay * left + self.by * bottom + self.cy
        x1, y1 = self.ax * right + self.bx * top + self.cx, self.ay * right + self.by * top + self.cy
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def reading_rotation(text: pypdfium2.PdfTextPage, page_turns: int = 0) -> int:
    """Quarter turns clockwise that set most of the page's text upright, beyond the page's own rotation."""
    count = min(text.count_chars(), MOST_CHARACTERS)
    step = max(count // 500, 1)
    angles = (pdfium.FPDFText_GetCharAngle(text, index) for index in range(0, count, step))
    turns = Counter(_quarters(angle) for angle in angles if angle >= 0)
    return (turns.most_common(1)[0][0] - page_turns) % 4 if turns else 0


def _quarters(angle: float) -> int:
    """Quarter turns clockwise that would set a character upright on the unrotated page; PDFium's angle is clockwise."""
    return round(-angle / (math.pi / 2)) % 4


def page_pieces(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, drawn: tuple[int, int, int]) -> list[Piece]:
    """Words with boxes in pixels of the page `drawn` as (width, height, quarter turns)."""
    width, height, turns = drawn
    canvas = _canvas(page, width, height, turns)
    upright = (turns + page.get_rotation() // 90) % 4
    pieces = []
    run: list[_Character] = []
    for character in _characters(text, canvas, upright):
        if run and (character is None or _parts(run[-1], character)):
            pieces.append(_piece(run))
            run = []
        if character is not None:
            run.append(character)
    if run:
        pieces.append(_piece(run))
    return [piece for piece in pieces if _is_on_page(piece, width, height)]


def worth_reading(pieces: list[Piece]) -> bool:
    """Whether a text layer says enough, in real characters, to be taken for what is printed."""
    text = "".join(piece.text for piece in pieces)
    if len(text) < LEAST_CHARACTERS:
        return False
    garbage = sum(unicodedata.category(char) in ("Co", "Cn", "Cc", "Cs") or char == "\ufffd" for char in text)
    letters = sum(char.isalnum() for char in text)
    return garbage <= MOST_GARBAGE * len(text) and letters >= 0.3 * len(text)


def _canvas(page: pypdfium2.PdfPage, width: int, height: int, turns: int) -> _Canvas:
    """Asked from PDFium at three points, on a grid far finer than pixels because it answers in whole numbers."""
    fine = 1_000_000
    far = 1000.0

    def device(x: float, y: float) -> tuple[float, float]:
        out_x, out_y = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, fine, fine, turns, x, y, out_x, out_y)
        return out_x.value / fine * width, out_y.value / fine * height

    (cx, cy), (x1, y1), (x2, y2) = device(0, 0), device(far, 0), device(0, far)
    return _Canvas((x1 - cx) / far, (x2 - cx) / far, cx, (y1 - cy) / far, (y2 - cy) / far, cy)


def _characters(text: pypdfium2.PdfTextPage, canvas: _Canvas, upright: int) -> Iterator[_Character | None]:
    """The characters in PDFium's order; None stands for a blank or a line end."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = pdfium.FS_RECTF()
    for index in range(min(text.count_chars(), MOST_CHARACTERS)):
        printed = _printed(pdfium.FPDFText_GetUnicode(text, index))
        if not printed:
            yield None
            continue
        if printed == "\u200b" or not pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            continue
        tight = canvas.box(left.value, bottom.value, right.value, top.value)
        box = tight
        if pdfium.FPDFText_GetLooseCharBox(text, index, loose):
            box = _sane(canvas.box(loose.left, loose.bottom, loose.right, loose.top), tight)
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        yield _Character(printed, *box, turns=(_quarters(angle) - upright) % 4 if angle >= 0 else 0)


def _printed(code: int) -> str:
    """What a code point prints: "" for blanks, a zero-width blank for what prints nothing within a word."""
    if code in HYPHENS:
        return HYPHENS[code]
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    char = chr(code)
    if char.isspace() or unicodedata.category(char) == "Cc":
        return ""
    if unicodedata.category(char) == "Cf":
        return "\u200b"
    return LIGATURES.get(char, char)


def _sane(
    loose: tuple[float, float, float, float], tight: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """The loose box gives even line heights, the tight one true sides; some fonts claim absurd heights."""
    height, printed = loose[3] - loose[1], tight[3] - tight[1]
    if height <= 0 or height > 4 * max(printed, (tight[2] - tight[0]) * 0.8, 1.0):
        return tight
    if tight[2] <= tight[0]:
        return loose
    return tight[0], min(loose[1], tight[1]), tight[2], max(loose[3], tight[3])


def _parts(before: _Character, after: _Character) -> bool:
    """Whether a new word begins although no blank stands between: a wide gap, a step back or another line."""
    if before.turns != after.turns:
        return True
    start, end, height = _along(before)
    next_start, next_end, next_height = _along(after)
    larger = max(height, next_height, 1.0)
    distance = (
        min(next_start, next_end) - max(start, end) if end >= start else min(start, end) - max(next_start, next_end)
    )
    low, high = _across(before)
    next_low, next_high = _across(after)
    overlap = min(high, next_high) - max(low, next_low)
    off_line = overlap < 0.2 * min(height, next_height)
    return off_line or distance > 0.4 * larger or distance < -1.5 * larger


def _along(character: _Character) -> tuple[float, float, float]:
    """Where it starts and ends as it reads (end < start when it reads leftwards or upwards), and its height."""
    left, top, right, bottom = character.left, character.top, character.right, character.bottom
    if character.turns % 2 == 0:
        return (left, right, bottom - top) if character.turns == 0 else (right, left, bottom - top)
    return (bottom, top, right - left) if character.turns == 1 else (top, bottom, right - left)


def _across(character: _Character) -> tuple[float, float]:
    if character.turns % 2 == 0:
        return character.top, character.bottom
    return character.left, character.right


def _piece(run: list[_Character]) -> Piece:
    return Piece(
        unicodedata.normalize("NFC", "".join(character.text for character in run)),
        min(character.left for character in run),
        min(character.top for character in run),
        max(character.right for character in run),
        max(character.bottom for character in run),
        upright=run[0].turns == 0,
    )


def _is_on_page(piece: Piece, width: int, height: int) -> bool:
    inside = piece.right > 0 and piece.left < width and piece.bottom > 0 and piece.top < height
    return inside and bool(piece.text.strip()) and piece.text.split() == [piece.text]
