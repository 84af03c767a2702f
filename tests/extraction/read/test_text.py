from __future__ import annotations

import pytest

from extraction.errors import BrokenFile, TooManyPages
from extraction.read.limits import Limits
from extraction.read.messages import ParsedPage
from extraction.read.picture import picture_of
from extraction.read.text import decode, lines_of, open_text
from extraction.read.typeset import COLUMNS, LINES_PER_PAGE, MOST_COLUMNS, table_lines, typeset
from extraction.records import Page
from tests import samples


def _texts(lines: list[str]) -> list[str]:
    return [_text(page) for page in typeset(lines, Limits())[1]]


def _text(page: ParsedPage) -> str:
    assert page.words is not None
    return Page(1, 1, 1, page.words).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_decoded_by_its_mark_or_as_utf8(encoding: str) -> None:
    assert decode("Grüße, Ωmega €".encode(encoding)) == "Grüße, Ωmega €"


def test_old_western_text_is_decoded() -> None:
    text = "Sehr geehrte Damen und Herren, für die Lieferung der Bücher grüßen wir. Überweisung über 20 € bitte. " * 3
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("content", [b"abc\x00def", b"\xff\xfe\x00\xd8\x00"], ids=["zero bytes", "half a character"])
def test_bytes_that_are_no_text_are_broken(content: bytes) -> None:
    with pytest.raises(BrokenFile):
        decode(content)


def test_lines_end_however_they_end() -> None:
    assert lines_of("\n\na\r\nb\rc\n\n") == ["a", "b", "c"]


def test_a_text_file_becomes_pages_with_gaps_where_columns_are() -> None:
    opened = open_text(samples.letter_txt(), Limits())
    (page,) = opened.pages
    assert opened.media_type == "text/plain"
    assert _text(page).split("\n")[3] == "Haemoglobin  13.9  g/dL"


def test_every_box_holds_its_word() -> None:
    (page,) = typeset(["", "   Total   12.35"], Limits())[1]
    picture = picture_of(page.pixels)
    assert page.words is not None
    for word in page.words:
        box = word.box
        left, right = round(box.left * picture.width), round(box.right * picture.width)
        top, bottom = round(box.top * picture.height), round(box.bottom * picture.height)
        assert sum(picture.crop((left, top, right, bottom)).histogram()[:128]) > 20
        picture.paste(255, (left, top, right, bottom))
    assert sum(picture.histogram()[:128]) == 0


def test_a_full_page_is_followed_by_another() -> None:
    pages = _texts([f"line {number}" for number in range(LINES_PER_PAGE + 1)])
    assert [page.split("\n")[-1] for page in pages] == [f"line {LINES_PER_PAGE - 1}", f"line {LINES_PER_PAGE}"]


def test_a_form_feed_begins_a_page() -> None:
    assert _texts(lines_of("one\ftwo\nthree")) == ["one", "two\nthree"]


def test_a_wide_table_row_stays_on_one_line() -> None:
    row = "x" * (MOST_COLUMNS - 5) + "  12"
    assert _texts([row]) == [row]


def test_a_paragraph_on_one_line_is_wrapped_between_words() -> None:
    words = "several words of plain prose " * 20
    (page,) = _texts([words])
    assert " ".join(page.split()) == " ".join(words.split())
    assert max(map(len, page.split("\n"))) <= COLUMNS


def test_a_word_longer_than_the_page_is_cut_and_nothing_is_lost() -> None:
    (page,) = _texts(["x" * 1000])
    assert page.replace("\n", "") == "x" * 1000


def test_control_characters_do_not_become_words() -> None:
    assert _texts(["a\x07b\u200bc\u00a0d"]) == ["abc d"]


def test_too_much_text_is_too_many_pages() -> None:
    with pytest.raises(TooManyPages):
        typeset(["line"] * (3 * LINES_PER_PAGE), Limits(pages=2))


def test_the_cells_of_a_table_stand_under_each_other() -> None:
    assert table_lines([["Item", "Qty"], ["Long\nhinge", "12"], []]) == ["Item        Qty", "Long hinge  12"]


def test_a_table_too_wide_for_a_page_is_not_padded() -> None:
    assert table_lines([["a" * 100, "b" * 100], ["c", "d"]])[1] == "c  d"
