"""Pages between the library's records and rows: words as compact JSON, images in the blob store.

    words = [[text, left, top, right, bottom, line, gap (0 or 1), OCR confidence or null], ...]

Coordinates are fractions of the page, rounded to 5 digits: a hundredth of a pixel on a page of 1000 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from appliance.documents import blobs
from appliance.documents import models as rows
from extraction.records import Box, Page, ReadDocument, Word

DIGITS = 5
CompactWord = list[Any]


def compact(word: Word) -> CompactWord:
    box = word.box
    sides = [round(side, DIGITS) for side in (box.left, box.top, box.right, box.bottom)]
    confidence = None if word.ocr_confidence is None else round(word.ocr_confidence, DIGITS)
    return [storable(word.text), *sides, word.line, int(word.gap), confidence]


def expand(stored: CompactWord) -> Word:
    text, left, top, right, bottom, line, gap, confidence = stored
    return Word(text, Box(left, top, right, bottom), line, bool(gap), confidence)


def storable(untrusted_text: str) -> str:
    """The text without what PostgreSQL cannot hold: NUL and half surrogate pairs become U+FFFD."""
    whole = untrusted_text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "\ufffd")


def write_pages(document: rows.Document, pages: Sequence[Page]) -> None:
    """Replace the document's pages. The images must be in the blob store already (`store_images`)."""
    rows.Page.objects.filter(document=document).delete()
    rows.Page.objects.bulk_create(
        rows.Page(
            document=document,
            number=page.number,
            width=page.width,
            height=page.height,
            words=[compact(word) for word in page.words],
            word_count=len(page.words),
            image_sha256=blobs.put(page.image_png, document_id=document.pk),
        )
        for page in pages
    )


def store_images(pages: Sequence[Page], *, document_id: UUID) -> None:
    """Bring the images to disk before the transaction begins: flushing takes time, and locks should be short."""
    for page in pages:
        blobs.put(page.image_png, document_id=document_id)


def load_read_document(document: rows.Document) -> ReadDocument:
    """What reading stored, without images: enough to extract again without reading again."""
    return ReadDocument(
        media_type=document.media_type,
        pages=tuple(_load(page) for page in document.pages.order_by("number")),
        reader_digest=document.reader_digest,
        findings=tuple(document.findings),
    )


def _load(page: rows.Page) -> Page:
    return Page(page.number, page.width, page.height, tuple(expand(word) for word in page.words))
