from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.records import Box
from extraction.text_document import document_from_text


def test_lines_gaps_and_pages_are_kept() -> None:
    document = document_from_text("  Tea   2.50\nCake\t10.00\r\nthe end\fpage two\f")
    assert [page.text for page in document.pages] == ["Tea  2.50\nCake  10.00\nthe end", "page two"]
    assert [page.number for page in document.pages] == [1, 2]
    assert document.flat_text == "Tea 2.50 Cake 10.00 the end page two"


def test_boxes_follow_the_grid() -> None:
    first, second = document_from_text("ab cd\n\nefghijklmn").pages[0].words[:2]
    assert first.box == Box(0.0, 0.0, 0.2, pytest.approx(1 / 3))
    assert (second.box.left, second.box.right) == (0.3, 0.5)


@pytest.mark.parametrize("text", ["", " \n\t", "\f\f"])
def test_text_without_words_is_one_empty_page(text: str) -> None:
    (page,) = document_from_text(text).pages
    assert page.words == ()


@given(st.text())
def test_any_text_gives_words_without_blanks_inside_of_the_page(text: str) -> None:
    document = document_from_text(text)
    for _, word in document.words:
        assert word.text.split() == [word.text]
        assert word.text.encode().decode() == word.text
        assert 0 <= word.box.left < word.box.right <= 1
        assert 0 <= word.box.top < word.box.bottom <= 1
    assert document.flat_text.split() == text.encode("utf-8", "replace").decode().split()


def test_a_lone_surrogate_is_replaced() -> None:
    assert document_from_text("a\ud800b").flat_text == "a?b"
