"""What the reading process may say to its parent: length-prefixed JSON headers, each with a blob of bytes behind it.

    8 bytes  two big-endian lengths: header, blob
    header   JSON object with a "kind": confined, start, page, attachment, end or refused
    blob     raw pixels of a page, or the bytes of an attachment; a page that could not be read has a code and no blob

The parent believes nothing of it: every length, number and name is checked here before anything is built from it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from extraction.errors import ReaderCrashed
from extraction.read.limits import MEBIBYTE, Limits
from extraction.records import Attachment, Box, Word

PREFIX = struct.Struct(">II")
HEADER_BYTES = 5 * MEBIBYTE
CHANNELS = {"L": 1, "RGB": 3}
KINDS = frozenset({"confined", "start", "page", "attachment", "end", "refused"})
PAGE_REFUSALS = frozenset({"broken_file", "page_too_large"})
"""Codes of errors that are about one page and leave the others alone."""
FINDINGS = frozenset(
    {
        "attachments_left_out",
        "embedded_files_ignored",
        "javascript_ignored",
        "launch_action_ignored",
        "page_drawn_smaller",
        "remote_content_ignored",
        "scripts_ignored",
        "structure_unreadable",
        "words_left_out",
        "xfa_ignored",
    }
)


@dataclass(frozen=True)
class Pixels:
    """An uncompressed picture: `mode` is "L" (grey) or "RGB", `data` its rows from the top."""

    width: int
    height: int
    mode: str
    data: bytes


@dataclass(frozen=True)
class ParsedPage:
    """A page as the reading process saw it; `words` is None where only its pixels can tell (OCR)."""

    pixels: Pixels
    words: tuple[Word, ...] | None


@dataclass(frozen=True)
class UnreadablePage:
    """A page that its parser gave up; `code` is that of the error."""

    code: str


@dataclass(frozen=True)
class Opened:
    """A document that its parser has opened; pages are made one at a time while they are asked for.

    `page_count` is how many pages follow: less than the document has where the limits say to begin later.
    """

    media_type: str
    page_count: int
    pages: Iterator[ParsedPage | UnreadablePage]
    findings: list[str]
    attachments: tuple[Attachment, ...] = ()


def write_message(stream: BinaryIO, header: dict[str, Any], blob: bytes = b"") -> None:
    encoded = json.dumps(header, ensure_ascii=True).encode("ascii")
    stream.write(PREFIX.pack(len(encoded), len(blob)))
    stream.write(encoded)
    stream.write(blob)
    stream.flush()


def page_message(page: ParsedPage | UnreadablePage) -> tuple[dict[str, Any], bytes]:
    if isinstance(page, UnreadablePage):
        return {"kind": "page", "unreadable": page.code}, b""
    words = None
    if page.words is not None:
        words = [
            [word.text, word.box.left, word.box.top, word.box.right, word.box.bottom, word.line, word.gap]
            for word in page.words
        ]
    pixels = page.pixels
    return {
        "kind": "page",
        "width": pixels.width,
        "height": pixels.height,
        "mode": pixels.mode,
        "words": words,
    }, pixels.data


def read_message(receive: Callable[[int], bytes], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """One message by `receive(n)`, which gives exactly n bytes. Raises ReaderCrashed on anything out of range."""
    header_size, blob_size = PREFIX.unpack(receive(PREFIX.size))
    blob_limit = max(limits.page_pixels * 3, limits.file_bytes)
    if header_size > HEADER_BYTES or blob_size > blob_limit:
        raise ReaderCrashed("a message of the reading process is too long")
    try:
        untrusted_header = json.loads(receive(header_size))
    except (ValueError, RecursionError) as error:
        raise ReaderCrashed("a message of the reading process is not JSON") from error
    if not isinstance(untrusted_header, dict) or untrusted_header.get("kind") not in KINDS:
        raise ReaderCrashed("a message of the reading process has no known kind")
    return untrusted_header, receive(blob_size)


def checked_int(untrusted: object, low: int, high: int) -> int:
    if type(untrusted) is not int or not low <= untrusted <= high:
        raise ReaderCrashed("a number of the reading process is out of range")
    return untrusted


def checked_findings(untrusted: object) -> tuple[str, ...]:
    if not isinstance(untrusted, list) or not all(isinstance(item, str) for item in untrusted):
        raise ReaderCrashed("the findings of the reading process are not a list of codes")
    return tuple(sorted(FINDINGS.intersection(untrusted)))


def checked_page(untrusted: dict[str, Any], blob: bytes, limits: Limits) -> ParsedPage | UnreadablePage:
    if "unreadable" in untrusted:
        if untrusted["unreadable"] not in PAGE_REFUSALS or blob:
            raise ReaderCrashed("the reading process gave a page up for no known reason")
        return UnreadablePage(untrusted["unreadable"])
    width = checked_int(untrusted.get("width"), 1, limits.page_side)
    height = checked_int(untrusted.get("height"), 1, limits.page_side)
    mode = untrusted.get("mode")
    if mode not in CHANNELS or len(blob) != width * height * CHANNELS[mode]:
        raise ReaderCrashed("the pixels of a page do not fit its size")
    untrusted_words = untrusted.get("words")
    words = None if untrusted_words is None else _checked_words(untrusted_words, limits)
    return ParsedPage(Pixels(width, height, mode, blob), words)


def _checked_words(untrusted: object, limits: Limits) -> tuple[Word, ...]:
    if not isinstance(untrusted, list) or len(untrusted) > limits.words_per_page:
        raise ReaderCrashed("the words of a page are not a list of bearable length")
    return tuple(_checked_word(item, limits) for item in untrusted)


def _checked_word(untrusted: object, limits: Limits) -> Word:
    if not isinstance(untrusted, list) or len(untrusted) != 7:
        raise ReaderCrashed("a word of the reading process has the wrong shape")
    text, *sides, line, gap = untrusted
    if not isinstance(text, str) or not text or text.split() != [text] or type(gap) is not bool:
        raise ReaderCrashed("a word of the reading process is no word")
    if not all(type(side) in (int, float) and 0 <= side <= 1 for side in sides):
        raise ReaderCrashed("a box of the reading process lies outside of its page")
    left, top, right, bottom = (float(side) for side in sides)
    if left > right or top > bottom:
        raise ReaderCrashed("a box of the reading process is inside out")
    return Word(text, Box(left, top, right, bottom), checked_int(line, 0, limits.words_per_page), gap)
