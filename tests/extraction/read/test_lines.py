from __future__ import annotations

import random

import pytest

from extraction.read.lines import find_gaps, group_into_lines, normal_blank
from tests.extraction.read.pages import put, texts


def test_no_pieces_make_no_lines() -> None:
    assert group_into_lines([]) == []


def test_lines_come_from_top_to_bottom_whatever_the_order_of_the_pieces() -> None:
    pieces = put("first line here", 50, 10) + put("second line here", 50, 40) + put("third", 50, 70)
    random.Random(1).shuffle(pieces)
    assert texts(group_into_lines(pieces)) == ["first line here", "second line here", "third"]


def test_a_price_at_the_right_stays_on_its_line() -> None:
    pieces = put("TOTAL", 20, 100) + put("12.35", 600, 102) + put("CASH", 20, 125) + put("20.00", 600, 127)
    assert texts(group_into_lines(pieces)) == ["TOTAL 12.35", "CASH 20.00"]


@pytest.mark.parametrize("slope", [-0.03, 0.03])
def test_a_skewed_line_stays_one_line(slope: float) -> None:
    words = "these are many words on one long line of a page that lay askew"
    pieces = put(words, 50, 100, slope=slope) + put(words, 50, 130, slope=slope)
    assert texts(group_into_lines(pieces)) == [words, words]


def test_a_small_word_beside_a_large_one_shares_its_line() -> None:
    pieces = put("INVOICE", 50, 100, height=30) + put("no. 17", 300, 108, height=14)
    assert texts(group_into_lines(pieces)) == ["INVOICE no. 17"]


def test_a_tall_stamp_does_not_glue_the_lines_beside_it() -> None:
    pieces = put("one", 50, 100) + put("two", 50, 130) + put("three", 50, 160) + put("PAID", 300, 90, height=100)
    assert sorted(texts(group_into_lines(pieces))) == ["PAID", "one", "three", "two"]


def test_a_headline_stays_one_line() -> None:
    body = [piece for row in range(6) for piece in put("a few small words", 50, 200 + 20 * row, height=12)]
    assert texts(group_into_lines(put("TAX INVOICE", 50, 100, height=40) + body))[0] == "TAX INVOICE"


def test_the_normal_blank_is_the_usual_distance_in_characters() -> None:
    lines = group_into_lines(
        put("some words with plain blanks", 50, 10) + put("and a price", 50, 40) + put("9", 400, 40)
    )
    assert normal_blank(lines) == pytest.approx(1.0)


def test_a_page_without_two_words_on_a_line_has_a_small_normal_blank() -> None:
    assert normal_blank(group_into_lines(put("alone", 50, 10))) == pytest.approx(0.3)


def test_a_gap_is_wider_than_a_blank_and_a_bit() -> None:
    line = put("Hinges", 0, 0) + put("12", 70, 0) + put("3.50", 115, 0)
    assert find_gaps(line, 1.0) == [False, False, True]


def test_an_empty_line_has_no_gaps() -> None:
    assert find_gaps([], 1.0) == []


def test_many_pieces_are_grouped_quickly() -> None:
    pieces = [piece for row in range(400) for piece in put("a few words on every line", 50, 20 * row)]
    assert len(group_into_lines(pieces)) == 400
