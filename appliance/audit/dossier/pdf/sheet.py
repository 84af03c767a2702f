"""Draws lines, facts and pictures on A4 pages, one below the other. Text is drawn as it is: no markup is parsed."""

from __future__ import annotations

import io
import threading
from collections.abc import Container, Sequence

from PIL import Image
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from appliance.audit.dossier.pdf.printable import printable
from extraction.read.typeset import FONT

_TEXT, _TITLE = "DejaVuSansMono", "Helvetica-Bold"
_ADVANCE = 0.602
"""Width of every character as a share of the font's size."""
_WIDTH, _HEIGHT = A4
_MARGIN, _FOOT, _LABEL = 50.0, 46.0, 120.0
_MOST_PICTURE = (300.0, 90.0)
_JPEG_QUALITY = 82
_registering = threading.Lock()


class Sheet:
    """`footer` is drawn on every page beside its number; it and `title` are our own words."""

    def __init__(self, *, title: str, footer: str) -> None:
        self._stream = io.BytesIO()
        self._glyphs = _glyphs()
        self._canvas = Canvas(self._stream, pagesize=A4, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("Strongroom")
        self._footer = footer
        self._page = 1
        self._y = _HEIGHT - _MARGIN

    def heading(self, words: str, *, size: float = 12) -> None:
        """Stays with what follows."""
        self._need(size + 60)
        self._y -= size + 10
        self._canvas.setFont(_TITLE, size)
        self._canvas.drawString(_MARGIN, self._y, printable(words, self._glyphs))
        self._y -= 6

    def text(self, untrusted: str, *, indent: float = 0.0, size: float = 7.5) -> None:
        self._lines(untrusted, left=_MARGIN + indent, size=size)

    def fact(self, label: str, untrusted: str, *, size: float = 7.5) -> None:
        """`label` is our own word; what stands beside it may be anything."""
        self._need(size + 4)
        top, page = self._y, self._page
        self._lines(untrusted, left=_MARGIN + _LABEL, size=size)
        if page != self._page:  # the value went over to a new page: there its label is not lost
            top = _HEIGHT - _MARGIN
        self._canvas.setFont(_TITLE, size)
        self._canvas.drawString(_MARGIN, top - size - 2, label)

    def verbatim(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.text(line or " ", indent=10, size=6.5)

    def picture(self, png: bytes) -> None:
        """As wide as the column of values at most; a picture that we have drawn ourselves."""
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            scale = min(1.0, _MOST_PICTURE[0] * 2 / image.width, _MOST_PICTURE[1] * 2 / image.height)
            size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
            stream = io.BytesIO()
            image.convert("RGB").resize(size).save(stream, "JPEG", quality=_JPEG_QUALITY)
        width, height = size[0] / 2, size[1] / 2
        self._need(height + 8)
        self._y -= height + 4
        self._canvas.drawImage(ImageReader(stream), _MARGIN + _LABEL, self._y, width=width, height=height)
        self._y -= 4

    def keep_together(self, points: float) -> None:
        """Begins a new page where less than this is left."""
        self._need(points)
        self._y -= 5

    def close(self) -> bytes:
        self._end_page()
        self._canvas.save()
        return self._stream.getvalue()

    def _lines(self, untrusted: str, *, left: float, size: float) -> None:
        columns = max(1, int((_WIDTH - _MARGIN - left) / (size * _ADVANCE)))
        for line in _wrapped(printable(untrusted, self._glyphs), columns):
            self._need(size + 4)
            self._y -= size + 2
            self._canvas.setFont(_TEXT, size)
            self._canvas.drawString(left, self._y, line)
        self._y -= 1.5

    def _need(self, points: float) -> None:
        if self._y - points < _FOOT + 10:
            self._end_page()
            self._canvas.showPage()
            self._page += 1
            self._y = _HEIGHT - _MARGIN

    def _end_page(self) -> None:
        self._canvas.setFont(_TEXT, 6)
        self._canvas.drawString(_MARGIN, _FOOT - 14, printable(self._footer, self._glyphs))
        self._canvas.drawRightString(_WIDTH - _MARGIN, _FOOT - 14, f"page {self._page}")


def _glyphs() -> Container[int]:
    """Code points of the font. It is registered once: replaced under a sheet that another thread draws, it would mix up
    that sheet's letters."""
    with _registering:
        if _TEXT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(_TEXT, str(FONT)))
        glyphs: Container[int] = pdfmetrics.getFont(_TEXT).face.charToGlyph
    return glyphs


def _wrapped(text: str, columns: int) -> list[str]:
    """At blanks where there are some, else in the middle of the word."""
    lines: list[str] = []
    rest = text.strip() or " "
    while len(rest) > columns:
        cut = rest.rfind(" ", 1, columns + 1)
        cut = cut if cut > columns // 2 else columns
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, rest]
