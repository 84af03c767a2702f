from __future__ import annotations

import io
import json
from typing import Any

import pytest

from extraction.errors import ReaderCrashed
from extraction.read.limits import Limits
from extraction.read.messages import (
    HEADER_BYTES,
    PREFIX,
    ParsedPage,
    Pixels,
    UnreadablePage,
    checked_findings,
    checked_int,
    checked_page,
    page_message,
    read_message,
    write_message,
)
from extraction.records import Box, Word

LIMITS = Limits(page_side=100, page_pixels=5_000, file_bytes=1_000, words_per_page=3)
GOOD_WORD = ["word", 0.1, 0.2, 0.3, 0.4, 0, True]


def _page(**changes: Any) -> dict[str, Any]:
    return {"kind": "page", "width": 2, "height": 3, "mode": "L", "words": [GOOD_WORD], **changes}


def test_a_page_comes_out_as_it_went_in() -> None:
    page = ParsedPage(Pixels(2, 1, "RGB", bytes(6)), (Word("wörd", Box(0.1, 0.2, 0.3, 0.4), 2, True),))
    stream = io.BytesIO()
    write_message(stream, *page_message(page))
    stream.seek(0)
    header, blob = read_message(stream.read, LIMITS)
    assert checked_page(header, blob, LIMITS) == page


def test_a_page_for_ocr_has_no_words() -> None:
    assert checked_page(_page(words=None), bytes(6), LIMITS).words is None


def test_a_good_page_passes() -> None:
    assert checked_page(_page(), bytes(6), LIMITS).words == (Word("word", Box(0.1, 0.2, 0.3, 0.4), 0, True),)


@pytest.mark.parametrize(
    "changes",
    [
        {"width": 0},
        {"width": 101},
        {"width": 2.0},
        {"width": True},
        {"width": "2"},
        {"height": -1},
        {"height": 4},
        {"mode": "P"},
        {"mode": None},
        {"words": "word"},
        {"words": [GOOD_WORD] * 4},
        {"words": [["word", 0.1]]},
        {"words": [["", *GOOD_WORD[1:]]]},
        {"words": [["two words", *GOOD_WORD[1:]]]},
        {"words": [[7, *GOOD_WORD[1:]]]},
        {"words": [["word", -0.1, 0.2, 0.3, 0.4, 0, True]]},
        {"words": [["word", 0.1, 0.2, 1.1, 0.4, 0, True]]},
        {"words": [["word", 0.3, 0.2, 0.1, 0.4, 0, True]]},
        {"words": [["word", 0.1, 0.4, 0.3, 0.2, 0, True]]},
        {"words": [["word", float("nan"), 0.2, 0.3, 0.4, 0, True]]},
        {"words": [["word", "0.1", 0.2, 0.3, 0.4, 0, True]]},
        {"words": [["word", 0.1, 0.2, 0.3, 0.4, -1, True]]},
        {"words": [["word", 0.1, 0.2, 0.3, 0.4, 0, 1]]},
    ],
    ids=str,
)
def test_a_page_out_of_range_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ReaderCrashed):
        checked_page(_page(**changes), bytes(6), LIMITS)


def test_pixels_that_do_not_fit_their_size_are_refused() -> None:
    with pytest.raises(ReaderCrashed):
        checked_page(_page(), bytes(7), LIMITS)


@pytest.mark.parametrize(
    "raw",
    [
        PREFIX.pack(HEADER_BYTES + 1, 0),
        PREFIX.pack(2, 15_001) + b"{}",
        PREFIX.pack(1, 0) + b"{",
        PREFIX.pack(4, 0) + b"null",
        PREFIX.pack(2, 0) + b"\xff\xfe",
        PREFIX.pack(2, 0) + b"{}",
        PREFIX.pack(16, 0) + json.dumps({"kind": "shell"}).encode(),
        PREFIX.pack(200_000, 0) + b"[" * 200_000,
    ],
)
def test_a_message_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(ReaderCrashed):
        read_message(io.BytesIO(raw).read, LIMITS)


@pytest.mark.parametrize("untrusted", [None, "javascript_ignored", [1], {"a": 1}])
def test_findings_must_be_a_list_of_codes(untrusted: object) -> None:
    with pytest.raises(ReaderCrashed):
        checked_findings(untrusted)


def test_findings_that_nobody_knows_are_dropped() -> None:
    assert checked_findings(["xfa_ignored", "<script>", "xfa_ignored"]) == ("xfa_ignored",)


def test_a_number_within_its_range_passes() -> None:
    assert [checked_int(number, 1, 3) for number in (1, 3)] == [1, 3]


def test_a_page_that_was_given_up_crosses_as_its_code() -> None:
    header, blob = page_message(UnreadablePage("page_too_large"))
    assert checked_page(header, blob, Limits()) == UnreadablePage("page_too_large")


@pytest.mark.parametrize(
    ("code", "blob"), [("reader_crashed", b""), (7, b""), ("<b>", b""), ("broken_file", b"pixels")], ids=str
)
def test_a_page_is_not_given_up_for_any_other_reason(code: object, blob: bytes) -> None:
    with pytest.raises(ReaderCrashed):
        checked_page({"kind": "page", "unreadable": code}, blob, Limits())
