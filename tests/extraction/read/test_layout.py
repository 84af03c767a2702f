from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extraction.read.layout import arrange
from extraction.read.lines import Piece
from extraction.records import Box, Page, Word
from tests.extraction.read.pages import put


def _text(pieces: list[Piece]) -> str:
    return Page(1, 1000, 1000, arrange(pieces, width=1000, height=1000)).text


def test_a_word_carries_its_box_as_fractions_its_line_and_its_confidence() -> None:
    piece = Piece("word", 100, 200, 300, 250, 0.75)
    assert arrange([piece], width=1000, height=500) == (Word("word", Box(0.1, 0.4, 0.3, 0.5), 0, False, 0.75),)


def test_a_box_that_hangs_over_the_edge_is_cut_off() -> None:
    (word,) = arrange([Piece("edge", -5, -5, 1005, 20)], width=1000, height=1000)
    assert word.box == Box(0, 0, 1, 0.02)


def test_a_receipt_keeps_its_prices_on_their_lines_behind_a_gap() -> None:
    pieces = put("SOURDOUGH LOAF", 20, 100) + put("8.40", 600, 100) + put("APPLE TART", 20, 130) + put("3.95", 600, 130)
    assert _text(pieces) == "SOURDOUGH LOAF  8.40\nAPPLE TART  3.95"


def test_text_across_the_page_comes_last_on_lines_of_its_own() -> None:
    margin = [replace(piece, upright=False) for piece in put("printed", 5, 300) + put("sideways", 5, 200)]
    assert _text(margin + put("The letter itself", 100, 250)) == "The letter itself\nprinted sideways"


@given(
    st.lists(
        st.builds(
            lambda text, x, y, w, h: Piece(text, x, y, x + w, y + h),
            st.text("abc1", min_size=1, max_size=6),
            st.floats(0, 900),
            st.floats(0, 900),
            st.floats(0, 100),
            st.floats(0, 100),
        ),
        max_size=40,
    )
)
def test_every_piece_becomes_exactly_one_word_within_the_page(pieces: list[Piece]) -> None:
    words = arrange(pieces, width=1000, height=1000)
    assert sorted(word.text for word in words) == sorted(piece.text for piece in pieces)
    assert [word.line for word in words] == sorted(word.line for word in words)
    assert all(0 <= word.box.left <= word.box.right <= 1 for word in words)
    assert all(0 <= word.box.top <= word.box.bottom <= 1 for word in words)
