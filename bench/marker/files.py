"""Documents with a word in their text and their name, one of each kind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import EmailMessage

import docx
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from extraction.read.typeset import FONT

LINES = ("{0} Coffee", "Receipt no. R00{1}", "Date 2026-11-2{1}", "Tea for {0} {1}.50", "Total 1{1}.50")


def files_with(word: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes."""
    makers = {"pdf": _pdf, "docx": _docx, "txt": _text, "eml": _mail, "html": _html, "png": _scan}
    for number, (suffix, make) in enumerate(makers.items()):
        yield f"{word} {number}.{suffix}", make([line.format(word, number) for line in LINES])


def _text(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


def _html(lines: list[str]) -> bytes:
    return f"<html><body><p>{'</p><p>'.join(lines)}</p></body></html>".encode()


def _pdf(lines: list[str]) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for row, line in enumerate(lines):
        canvas.drawString(72, 760 - 18 * row, line)
    canvas.save()
    return stream.getvalue()


def _docx(lines: list[str]) -> bytes:
    stream, document = io.BytesIO(), docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue()


def _mail(lines: list[str]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", lines[0]
    mail.set_content("\n".join(lines))
    return mail.as_bytes()


def _scan(lines: list[str]) -> bytes:
    stream, image = io.BytesIO(), Image.new("RGB", (900, 700), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 36)
    for row, line in enumerate(lines):
        draw.text((60, 60 + 90 * row), line, fill="black", font=font)
    image.save(stream, "PNG")
    return stream.getvalue()
