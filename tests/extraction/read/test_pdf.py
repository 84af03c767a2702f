"""The PDF parser, called in this very process: the documents are our own."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from extraction.errors import BrokenFile, PageTooLarge, PasswordNeeded, TooManyPages
from extraction.read.limits import Limits
from extraction.read.messages import Opened, ParsedPage, UnreadablePage
from extraction.read.pdf import open_pdf
from extraction.read.picture import picture_of
from extraction.records import Page, Word
from tests import samples

INVOICE = """INVOICE
Harbour Tools Ltd  Bill to: Mason & Sons
3 Quay Street  18 High Road
Bristol BS1 4DJ  Leeds LS2 8PA
Invoice number: HT-2024-0117  Date: 4 March 2024
Description  Qty  Price  Amount
Steel hinges, 40 mm  12  3.50  42.00
Brass screws, box  4  7.25  29.00
Total  GBP  71.00"""


def _read(content: bytes, limits: Limits | None = None) -> tuple[Opened, list[ParsedPage]]:
    opened = open_pdf(content, limits or Limits())
    return opened, list(opened.pages)


def _text(page: ParsedPage) -> str:
    assert page.words is not None
    return Page(1, 1, 1, page.words).text


def _ink_inside(page: ParsedPage, word: Word) -> float:
    """The share of dark pixels within a word's box."""
    picture = picture_of(page.pixels).convert("L")
    left, right = (round(side * picture.width) for side in (word.box.left, word.box.right))
    top, bottom = (round(side * picture.height) for side in (word.box.top, word.box.bottom))
    cutting = picture.crop((left, top, right, bottom))
    return sum(cutting.histogram()[:128]) / max(cutting.width * cutting.height, 1)


def test_an_invoice_is_read_with_rows_on_lines_and_columns_apart() -> None:
    opened, (page,) = _read(samples.invoice_pdf())
    assert (opened.media_type, opened.page_count, opened.findings) == ("application/pdf", 1, [])
    assert _text(page) == INVOICE


def test_a_page_is_drawn_at_150_dots_per_inch() -> None:
    _, (page,) = _read(samples.invoice_pdf())
    assert (page.pixels.width, page.pixels.height, page.pixels.mode) == (1240, 1753, "L")


def test_every_box_holds_its_word() -> None:
    _, (page,) = _read(samples.invoice_pdf())
    assert page.words is not None
    assert min(_ink_inside(page, word) for word in page.words) > 0.03


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_set_upright_with_its_boxes(degrees: int) -> None:
    _, (page,) = _read(samples.turned_pdf(degrees))
    assert (page.pixels.width, page.pixels.height) == (1240, 1753)
    assert _text(page) == INVOICE
    assert page.words is not None
    assert min(_ink_inside(page, word) for word in page.words) > 0.03


def test_text_that_runs_upwards_is_set_upright() -> None:
    _, (page,) = _read(samples.sideways_pdf())
    assert (page.pixels.width, page.pixels.height) == (1753, 1240)
    assert _text(page) == "Sideways table of contents\nChapter one page 1"


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    _, (page,) = _read(samples.two_column_pdf())
    expected = [
        f"column {column} line {line:02} runs on with plain words here" for column in (0, 1) for line in range(20)
    ]
    assert _text(page).split("\n") == expected


def test_the_answers_in_a_form_are_read() -> None:
    _, (page,) = _read(samples.form_pdf())
    assert _text(page) == "Registration form of the harbour office\nName of vessel:  Albatross"


def test_a_page_without_text_is_left_to_ocr_and_drawn_finer() -> None:
    _, pages = _read(samples.mixed_pdf())
    assert [page.words is None for page in pages] == [False, True]
    assert [page.pixels.width for page in pages] == [1240, 1653]


def test_what_is_left_aside_is_said() -> None:
    opened, _ = _read(samples.active_pdf())
    assert sorted(opened.findings) == ["embedded_files_ignored", "javascript_ignored"]


def test_a_file_that_only_forbids_changes_is_read() -> None:
    _, (page,) = _read(samples.owner_locked_pdf())
    assert _text(page) == INVOICE


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (samples.encrypted_pdf(), PasswordNeeded),
        (samples.broken_pdf(), BrokenFile),
        (samples.truncated_pdf(), BrokenFile),
        (samples.zero_page_pdf(), BrokenFile),
    ],
    ids=["encrypted", "broken", "truncated", "no pages"],
)
def test_a_bad_file_is_refused_with_its_error(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        _read(content)


def test_a_page_too_large_to_be_drawn_is_given_up_by_itself() -> None:
    assert list(open_pdf(samples.huge_page_pdf(), Limits()).pages) == [UnreadablePage(PageTooLarge.code)]


def test_reading_begins_at_the_page_that_is_asked_for() -> None:
    opened = open_pdf(samples.mixed_pdf(), Limits(first_page=2))
    assert (opened.page_count, [page.words for page in opened.pages]) == (1, [None])


def test_pages_beyond_the_limit_are_refused_before_one_is_drawn() -> None:
    with pytest.raises(TooManyPages):
        open_pdf(samples.invoice_pdf(3), Limits(pages=2))


def test_words_beyond_the_limit_are_left_out_and_said() -> None:
    opened, (page,) = _read(samples.invoice_pdf(), Limits(words_per_page=5))
    assert page.words is not None
    assert (len(page.words), opened.findings) == (5, ["words_left_out"])


def test_a_large_page_is_drawn_smaller_so_that_it_fits() -> None:
    _, (page,) = _read(samples.huge_page_pdf(3_000), Limits(stored_page_pixels=4_000_000))
    assert page.pixels.width * page.pixels.height <= 4_000_000


def test_a_coloured_page_keeps_its_colour() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (300, 300), (200, 30, 30)).save(stream, "PDF")
    _, (page,) = _read(stream.getvalue())
    assert page.pixels.mode == "RGB"
