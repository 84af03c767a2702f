"""Recognised lines and setting pages upright, without an OCR engine."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from extraction.read.recognised import Character, RecognisedLine, words_of
from extraction.read.upright import straighten, turn


def _line(
    text: str, *, places: list[float] | None = None, x: float = 100, y: float = 50, slope: float = 0
) -> RecognisedLine:
    """A line of 10 pixels to a character and 20 pixels high, sloping clockwise by so many degrees."""
    along = np.array([math.cos(math.radians(slope)), math.sin(math.radians(slope))]) * 10 * len(text)
    down = np.array([-math.sin(math.radians(slope)), math.cos(math.radians(slope))]) * 20
    start = np.array([100, y], dtype=np.float64)
    quad = np.array([start, start + along, start + along + down, start + down])
    places = places or [(number + 0.5) / len(text) for number in range(len(text))]
    characters = tuple(Character(char, place, 0.9) for char, place in zip(text, places, strict=True))
    return RecognisedLine(quad, characters)


def test_blanks_part_words_and_each_has_its_part_of_the_box() -> None:
    first, second = words_of(_line("TOTAL 9.50"))
    assert (first.text, second.text) == ("TOTAL", "9.50")
    assert (first.top, first.bottom) == (50, 70)
    assert first.left == pytest.approx(100)
    assert first.right == pytest.approx(150)
    assert second.left == pytest.approx(157.5)
    assert second.right == pytest.approx(200)


def test_a_word_carries_the_confidence_of_its_own_characters() -> None:
    sure, unsure = Character("a", 0.2, 1.0), Character("b", 0.8, 0.5)
    line = RecognisedLine(_line("a b").quad, (sure, Character(" ", 0.5, 1.0), unsure))
    assert [word.ocr_confidence for word in words_of(line)] == [1.0, 0.5]


def test_a_wide_hole_parts_words_that_lack_their_blank() -> None:
    line = _line("AMOUNT9.50", places=[0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.8, 0.85, 0.9, 0.95])
    assert [word.text for word in words_of(line)] == ["AMOUNT", "9.50"]


def test_control_evenly_set_characters_stay_one_word() -> None:
    assert [word.text for word in words_of(_line("AMOUNT9.50"))] == ["AMOUNT9.50"]


def test_a_line_of_blanks_has_no_words() -> None:
    assert words_of(_line("   ")) == []


def test_words_do_not_overlap_and_stay_on_their_line() -> None:
    words = words_of(_line("a bb c dd e"))
    assert all(one.right <= other.left + 1e-9 for one, other in pairwise(words))
    assert (words[0].left, words[-1].right) == (pytest.approx(100), pytest.approx(210))


def test_text_that_reads_downwards_is_not_upright() -> None:
    assert [word.upright for word in words_of(_line("spine", slope=90))] == [False]


@pytest.mark.parametrize(("turns", "corner"), [(0, (100, 50)), (1, (50, 900)), (2, (900, 450)), (3, (450, 100))])
def test_turning_moves_the_corners_with_the_picture(turns: int, corner: tuple[float, float]) -> None:
    picture = Image.new("L", (1000, 500), 255)
    picture.putpixel((100, 50), 0)
    turned, (line,) = turn(picture, [_line("word")], turns)
    assert tuple(line.quad[0]) == corner
    x, y = (int(number) for number in np.argwhere(np.asarray(turned) == 0)[0][::-1])
    assert abs(x - corner[0]) <= 1
    assert abs(y - corner[1]) <= 1


@pytest.mark.parametrize("slope", [-8.0, 3.0])
def test_a_page_that_lay_askew_is_levelled(slope: float) -> None:
    lines = [_line("a line of several words", y=100 + 40 * row, slope=slope) for row in range(4)]
    picture, levelled = straighten(Image.new("L", (800, 600), 255), lines)
    assert [line.slope for line in levelled] == [pytest.approx(0, abs=1e-6)] * 4
    assert picture.size > (800, 600)


def test_the_ink_stays_under_its_line_when_a_page_is_levelled() -> None:
    picture = Image.new("L", (800, 600), 255)
    lines = [_line("a line of several words", y=200, slope=5)]
    middle = lines[0].quad.mean(axis=0)
    picture.paste(0, (int(middle[0]) - 3, int(middle[1]) - 3, int(middle[0]) + 3, int(middle[1]) + 3))
    levelled, (line,) = straighten(picture, lines)
    ink = np.argwhere(np.asarray(levelled) < 128)[:, ::-1].mean(axis=0)
    assert np.abs(ink - line.quad.mean(axis=0)).max() < 2


@pytest.mark.parametrize(
    "slopes", [[0.1] * 4, [30.0] * 4, [-9, -3, 3, 9]], ids=["level", "too steep", "no common slope"]
)
def test_a_page_is_left_alone_unless_its_lines_agree(slopes: list[float]) -> None:
    picture = Image.new("L", (800, 600), 255)
    lines = [_line("a line of several words", y=100 + 60 * row, slope=slope) for row, slope in enumerate(slopes)]
    assert straighten(picture, lines) == (picture, lines)
