"""Bytes in, pages out: sniff, parse in a process of its own, OCR what has no text, put the record together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from extraction.errors import FileTooLarge, NothingToRead, ReaderCrashed, ReadingError, error_codes
from extraction.read.boundary import Ended, Event, Started
from extraction.read.layout import arrange
from extraction.read.limits import Limits
from extraction.read.messages import ParsedPage, UnreadablePage
from extraction.read.picture import png_of
from extraction.read.resuming import parse_on
from extraction.read.sniff import sniff
from extraction.read.typeset import notice
from extraction.records import Attachment, Page, ReadDocument

if TYPE_CHECKING:
    from extraction.read.ocr import OcrEngine

READER_VERSION = "1"
"""Raise it when the same file would give other words, boxes or order than before."""
UNREADABLE = "This page could not be read."
PACKAGES = ("pypdfium2", "pypdf", "pillow", "python-docx", "selectolax", "charset-normalizer", "magika")


@cache
def reader_digest() -> str:
    """SHA-256 (hex) of everything that decides what a document's words are."""
    return hashlib.sha256(reader_text().encode()).hexdigest()


@cache
def reader_text() -> str:
    """What the reader's digest is made of: version, packages, models of the OCR engine; one a line."""
    from extraction.read.ocr import ocr_digest

    parts = [f"reader {READER_VERSION}", *(f"{name} {version(name)}" for name in PACKAGES), f"ocr {ocr_digest()}"]
    return "\n".join(parts)


@dataclass
class _Told:
    """What the reading process has told so far."""

    media_type: str = ""
    pages: list[Page] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    findings: tuple[str, ...] = ()
    unreadable: dict[int, str] = field(default_factory=dict)
    image_bytes: int = 0

    @property
    def all_findings(self) -> tuple[str, ...]:
        """Those of the reading process, and page_unreadable:NUMBER:CODE for each page that was given up."""
        return (*self.findings, *(f"page_unreadable:{number}:{code}" for number, code in self.unreadable.items()))


class Reader:
    """Reads documents one after the other. Keep it: its OCR engine takes a second to load. Not for several threads."""

    def __init__(self, ocr: OcrEngine) -> None:
        self._ocr = ocr

    def read(self, content: bytes, *, untrusted_name: str = "", limits: Limits | None = None) -> ReadDocument:
        """Raises a ReadingError and nothing else."""
        limits = limits or Limits()
        if len(content) > limits.file_bytes:
            raise FileTooLarge
        kind = sniff(content, untrusted_name).kind
        told = _Told()
        with closing(parse_on(content, kind, limits)) as events:
            self._listen(events, told, limits)
        if not any(page.words for page in told.pages) and not told.attachments:
            raise _nothing_to_read(told)
        return ReadDocument(
            media_type=told.media_type,
            pages=tuple(told.pages),
            reader_digest=reader_digest(),
            attachments=tuple(told.attachments),
            findings=told.all_findings,
        )

    def _listen(self, events: Iterable[Event], told: _Told, limits: Limits) -> None:
        for event in events:
            if isinstance(event, Started):
                told.media_type = event.media_type
            elif isinstance(event, Ended):
                told.findings = event.findings
            elif isinstance(event, Attachment):
                told.attachments.append(event)
            else:
                page = self._page(event, told, limits)
                told.pages.append(page)
                told.image_bytes += len(page.image_png)
            if told.image_bytes > limits.image_bytes_total:
                raise FileTooLarge

    def _page(self, parsed: ParsedPage | UnreadablePage, told: _Told, limits: Limits) -> Page:
        number = len(told.pages) + 1
        if isinstance(parsed, ParsedPage):
            try:
                return self._read_page(parsed, number, limits)
            except ReaderCrashed as error:
                parsed = UnreadablePage(error.code)
        told.unreadable[number] = parsed.code
        pixels = notice(UNREADABLE)
        return Page(number, pixels.width, pixels.height, (), png_of(pixels))

    def _read_page(self, parsed: ParsedPage, number: int, limits: Limits) -> Page:
        pixels, words = parsed.pixels, parsed.words
        if words is None:
            pixels, pieces = self._ocr.read(pixels)
            words = arrange(pieces[: limits.words_per_page], width=pixels.width, height=pixels.height)
        return Page(number, pixels.width, pixels.height, words, png_of(pixels))


def _nothing_to_read(told: _Told) -> ReadingError:
    """Why a document has no words: the reason of the first page that was given up, or that there are none."""
    cls = error_codes().get(next(iter(told.unreadable.values()), ""), NothingToRead)
    return cls() if issubclass(cls, ReadingError) else NothingToRead()


def open_reader(*, ocr_threads: int = 2) -> Reader:
    """A reader with its own OCR engine; the engine's models are loaded with the first page that needs them."""
    from extraction.read.ocr import RapidOcrEngine

    return Reader(RapidOcrEngine(ocr_threads))


@cache
def _shared_reader() -> Reader:
    return open_reader()


def read_document(content: bytes, *, untrusted_name: str = "", limits: Limits | None = None) -> ReadDocument:
    """The pages of a file: words with boxes, in reading order, and pictures. Raises a ReadingError and nothing else."""
    return _shared_reader().read(content, untrusted_name=untrusted_name, limits=limits)
