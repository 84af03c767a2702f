"""Plain text, CSV and Markdown: one class, read as the lines they are."""

from __future__ import annotations

import codecs

from extraction.errors import BrokenFile
from extraction.read.limits import Limits
from extraction.read.messages import Opened
from extraction.read.typeset import typeset

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LOOKED_AT = 256 * 1024


def open_text(untrusted_content: bytes, limits: Limits) -> Opened:
    """Raises BrokenFile when the bytes are text in no known encoding, or TooManyPages."""
    count, pages = typeset(lines_of(decode(untrusted_content)), limits)
    return Opened("text/plain", count, pages, [])


def decode(untrusted_content: bytes) -> str:
    """By its byte order mark, as UTF-8, else by what charset-normalizer makes of it. Raises BrokenFile."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if untrusted_content.startswith(mark):
            return _decode(untrusted_content, encoding)
    try:
        text = untrusted_content.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode(untrusted_content, _guess_encoding(untrusted_content))
    if "\x00" in text:
        raise BrokenFile
    return text


def lines_of(text: str) -> list[str]:
    """Lines without their ends; a form feed stays at the start of the line that it begins."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\f")
    return text.strip("\n").split("\n")


def _decode(untrusted_content: bytes, encoding: str) -> str:
    try:
        return untrusted_content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise BrokenFile from error


def _guess_encoding(untrusted_content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(untrusted_content[:LOOKED_AT]).best()
    # Western business documents without a mark and not in UTF-8 are Windows-1252 unless something says otherwise.
    return best.encoding if best is not None else "cp1252"
