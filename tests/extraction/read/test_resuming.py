"""A page that cannot be read, stalls or kills its reader leaves the other pages of its document alone."""

from __future__ import annotations

import time

import pytest

from extraction.errors import BrokenFile, PageTooLarge, ReaderCrashed, ReadingTimeout
from extraction.read import Limits, Reader
from extraction.read.lines import Piece
from extraction.read.messages import Pixels
from tests import samples
from tests.hostile.pdf_trees import one_broken_page
from tests.hostile.raw_pdf import document, flate, page, stream, words, written

SHORT = Limits(base_seconds=4.0, page_seconds=1.0)
SHAPES = b"0 0 500 800 re 10 10 500 800 re f*\n" * 600_000


class NoOcr:
    def read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]:
        return pixels, []


class FailingOcr:
    """Fails on its first page only."""

    def __init__(self) -> None:
        self.pages = 0

    def read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]:
        self.pages += 1
        if self.pages == 1:
            raise ReaderCrashed("the engine failed")
        return pixels, [Piece("READ", 0, 0, pixels.width, 10, 0.9)]


def _three_pages(middle: bytes) -> bytes:
    """`middle`: the content of the second page."""
    kids = {2: b"<< /Type /Pages /Kids [3 0 R 10 0 R 11 0 R] /Count 3 >>", 10: page(content=12), 11: page(content=13)}
    return written(document(1, {**kids, 12: flate(middle), 13: stream(words(3))}))


def _read(content: bytes, limits: Limits = SHORT) -> tuple[list[int], tuple[str, ...]]:
    """How many words each page has, and the findings."""
    read = Reader(NoOcr()).read(content, limits=limits)
    assert all(page.image_png for page in read.pages)
    return [len(page.words) for page in read.pages], read.findings


def test_a_page_too_large_to_be_drawn_is_left_out_and_said() -> None:
    counts, findings = _read(one_broken_page(0))
    assert [count > 0 for count in counts] == [True, False, True]
    assert "page_unreadable:2:page_too_large" in findings


def test_control_a_sound_document_has_no_such_remark() -> None:
    counts, findings = _read(_three_pages(words(2)))
    assert [count > 0 for count in counts] == [True, True, True]
    assert findings == ()


def test_a_page_that_stalls_is_left_out_and_the_next_one_is_read() -> None:
    began = time.monotonic()
    counts, findings = _read(_three_pages(SHAPES))
    assert [count > 0 for count in counts] == [True, False, True]
    assert "page_unreadable:2:reading_timeout" in findings
    assert time.monotonic() - began < 60


def test_where_no_page_can_be_read_the_document_is_refused_for_the_reason_of_the_first() -> None:
    with pytest.raises(PageTooLarge):
        _read(samples.huge_page_pdf())
    with pytest.raises(BrokenFile):
        _read(samples.truncated_png())
    with pytest.raises(ReadingTimeout):
        _read(written(document(1, {4: flate(SHAPES)})))


def test_a_process_that_is_killed_before_a_page_is_known_fails_as_before() -> None:
    with pytest.raises(ReaderCrashed):
        _read(samples.invoice_pdf(), Limits(memory_bytes=60 << 20))


def test_a_page_on_which_the_engine_fails_is_left_out() -> None:
    read = Reader(FailingOcr()).read(samples.receipt_tiff(2))
    assert [[word.text for word in page.words] for page in read.pages] == [[], ["READ"]]
    assert read.findings == ("page_unreadable:1:reader_crashed",)


def test_a_damaged_frame_leaves_the_others_of_its_file() -> None:
    content = samples.receipt_tiff(3)
    at = len(content) // 2
    read = Reader(FailingOcr()).read(content[:at] + bytes(2_000) + content[at + 2_000 :])
    assert len(read.pages) == 3
