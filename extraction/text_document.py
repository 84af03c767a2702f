"""A document from plain text, without a file or a page image: for evaluation, tests and the API.

Each line of text is a printed line; a form feed begins a page; two blanks or a tab are a column gap. Boxes come from
the grid of lines and columns.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from extraction.records import Box, Page, ReadDocument, Word

_VERSION = "1"
_WORD = re.compile(r"(?P<gap>\s*)(?P<word>\S+)")
_CELL = (8, 16)
"""Width and height of a character in pixels, to give the page a size."""
_TAB = 8
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def document_from_text(text: str) -> ReadDocument:
    """A ReadDocument of media type text/plain. Text without words gives pages without words. Never fails."""
    clean = text.encode("utf-8", "replace").decode()
    sheets = clean.split("\f")
    while len(sheets) > 1 and not sheets[-1].strip():
        sheets.pop()
    pages = tuple(_page(number, sheet) for number, sheet in enumerate(sheets, start=1))
    return ReadDocument(media_type="text/plain", pages=pages, reader_digest=_reader_digest())


def _page(number: int, sheet: str) -> Page:
    lines = [line.expandtabs(_TAB) for line in _LINE_BREAK.split(sheet)]
    columns, rows = max(1, *(len(line) for line in lines)), len(lines)
    words = tuple(word for row, line in enumerate(lines) for word in _words(line, row, columns=columns, rows=rows))
    return Page(number, width=columns * _CELL[0], height=rows * _CELL[1], words=words)


def _words(line: str, row: int, *, columns: int, rows: int) -> Iterator[Word]:
    for index, match in enumerate(_WORD.finditer(line)):
        box = Box(match.start("word") / columns, row / rows, match.end() / columns, (row + 1) / rows)
        yield Word(match["word"], box, line=row, gap=index > 0 and len(match["gap"]) > 1)


def _reader_digest() -> str:
    return hashlib.sha256(f"strongroom text {_VERSION}".encode()).hexdigest()
