"""Plain lines of text -> page pictures and words, set in a monospaced font, so that every document has pages.

A column gap in a line is two blanks or more, or a tab.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from extraction.errors import TooManyPages
from extraction.read.limits import Limits
from extraction.read.messages import ParsedPage, Pixels
from extraction.read.picture import pixels_of
from extraction.records import Box, Word

FONT = Path(__file__).parent / "fonts" / "DejaVuSansMono.ttf"
FONT_SIZE = 20
ADVANCE = 12.04
LINE_HEIGHT = 26
MARGIN = 60
LINES_PER_PAGE = 64
COLUMNS = 96
MOST_COLUMNS = 160
"""A longer line is taken for a paragraph and wrapped at COLUMNS; up to here it may be a table row and stays whole."""
TAB = 8
TOKEN = re.compile(r"\S+")
FORM_FEED = "\f"


def typeset(lines: Sequence[str], limits: Limits) -> tuple[int, Iterator[ParsedPage]]:
    """How many pages the lines fill, and the pages. A leading form feed begins a page. Raises TooManyPages."""
    columns = _columns(lines)
    sheets = list(_sheets([part for line in lines for part in _wrapped(line, columns)]))
    if len(sheets) > limits.pages:
        raise TooManyPages
    return len(sheets), (_page(sheet, columns) for sheet in sheets)


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines with aligned columns; columns are two blanks apart at least."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    count = max((len(row) for row in rows), default=0)
    widths = [max((len(row[at]) for row in rows if at < len(row)), default=0) for at in range(count)]
    if sum(widths) + 2 * count > MOST_COLUMNS:
        widths = [0] * count
    lines = []
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        lines.append("  ".join(cells).rstrip())
    return [line for line in lines if line]


def notice(text: str) -> Pixels:
    """A sheet in the shape of A4 with one line in its middle, in place of a page that there is no picture of."""
    picture = Image.new("L", (620, 877), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(FONT, FONT_SIZE, layout_engine=ImageFont.Layout.BASIC)
    draw.rectangle((20, 20, 599, 856), outline=160, width=2)
    draw.text((310, 438), text, font=font, fill=90, anchor="mm")
    return pixels_of(picture)


def _columns(lines: Sequence[str]) -> int:
    return max([COLUMNS, *(len(line) for line in lines if len(line) <= MOST_COLUMNS)])


def _wrapped(line: str, columns: int) -> list[str]:
    new_page = line.startswith(FORM_FEED)
    line = _printable(line.expandtabs(TAB)).rstrip()
    if len(line) <= columns:
        parts = [line]
    else:
        parts = textwrap.wrap(line, COLUMNS, drop_whitespace=True, break_on_hyphens=False) or [""]
    return [FORM_FEED + parts[0], *parts[1:]] if new_page else parts


def _printable(line: str) -> str:
    """Without control and format characters; other blanks become plain ones."""
    line = unicodedata.normalize("NFC", line)
    kept = (" " if char.isspace() else char for char in line if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return "".join(kept)


def _sheets(lines: Sequence[str]) -> Iterator[list[str]]:
    sheet: list[str] = []
    for line in lines:
        if sheet and (len(sheet) == LINES_PER_PAGE or line.startswith(FORM_FEED)):
            yield sheet
            sheet = []
        sheet.append(line.lstrip(FORM_FEED))
    if sheet:
        yield sheet


def _page(lines: Sequence[str], columns: int) -> ParsedPage:
    width = round(2 * MARGIN + columns * ADVANCE)
    height = 2 * MARGIN + LINES_PER_PAGE * LINE_HEIGHT
    picture = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(FONT, FONT_SIZE, layout_engine=ImageFont.Layout.BASIC)
    words = []
    printed = (line for line in enumerate(lines) if line[1])
    for number, (row, line) in enumerate(printed):
        top = MARGIN + row * LINE_HEIGHT
        end = None
        for token in TOKEN.finditer(line):
            left, right = (MARGIN + at * ADVANCE for at in token.span())
            draw.text((round(left), top), token[0], font=font, fill=0)
            box = Box(left / width, top / height, min(right / width, 1.0), (top + LINE_HEIGHT - 2) / height)
            words.append(Word(token[0], box, number, end is not None and token.start() - end >= 2))
            end = token.end()
    return ParsedPage(pixels_of(picture), tuple(words))
