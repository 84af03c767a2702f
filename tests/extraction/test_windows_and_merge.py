from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extraction.decode import Certainty
from extraction.ground import GroundedValue
from extraction.merge import merge
from extraction.records import ReadDocument, Span, ValuePath
from extraction.schema import FieldSpec
from extraction.text_document import document_from_text
from extraction.windows import MAX_WINDOWS, cut_windows, pages_covered


def _count(text: str) -> int:
    return len(text)


LINES = st.lists(st.text(alphabet="ab ", max_size=60), max_size=60)


@given(lines=LINES, tokens=st.integers(1, 200))
def test_windows_cover_every_word_in_order_and_overlap_at_most(lines: list[str], tokens: int) -> None:
    document = document_from_text("\n".join(lines))
    windows = cut_windows(document, tokens=tokens, count_tokens=_count)
    assert (windows[-1].last if windows else 0) == len(document.words)
    for before, after in itertools.pairwise(windows):
        assert before.first < after.first <= before.last < after.last
    for window in windows:
        text = document.flat_text[window.span.start : window.span.end]
        assert text.split(" ") == [word.text for _, word in document.words[window.first : window.last]]
    assert pages_covered(document, windows) == len(document.pages)


@given(lines=LINES, tokens=st.integers(40, 200))
def test_no_window_is_larger_than_the_room(lines: list[str], tokens: int) -> None:
    document = document_from_text("\n".join(lines))
    for window in cut_windows(document, tokens=tokens, count_tokens=_count):
        assert sum(len(page.text.replace("  ", " ")) for page in window.pages) <= tokens


def test_a_document_that_fits_is_one_window_with_its_pages() -> None:
    document = document_from_text("one two\nthree\ffour")
    (window,) = cut_windows(document, tokens=100, count_tokens=_count)
    assert [page.text for page in window.pages] == ["one two\nthree", "four"]
    assert window.lines == 3


def test_a_huge_word_is_not_shown_but_can_still_be_quoted() -> None:
    document = document_from_text(f"before {'x' * 500} after")
    windows = cut_windows(document, tokens=100, count_tokens=_count)
    shown = " ".join(page.text for window in windows for page in window.pages)
    assert shown == "before after"
    assert windows[-1].last == 3


def test_pages_behind_the_last_window_are_not_covered() -> None:
    document = document_from_text("\f".join(f"page {n} " + "word " * 8 for n in range(MAX_WINDOWS + 50)))
    windows = cut_windows(document, tokens=60, count_tokens=_count)
    assert len(windows) == MAX_WINDOWS
    assert 0 < pages_covered(document, windows) < len(document.pages)


SPEC = FieldSpec(name="value")


def _value(path: ValuePath, raw: str | None, confidence: float, start: int = 0) -> GroundedValue:
    span = None if raw is None else Span(start, start + len(raw))
    return GroundedValue(path, SPEC, raw, Certainty(confidence), span, 1)


def _raws(values: list[GroundedValue]) -> list[tuple[ValuePath, str | None]]:
    return [(value.path, value.raw) for value in values]


def test_the_surest_window_wins_and_the_other_is_named() -> None:
    windows = [[_value(("a",), "x", 0.6)], [_value(("a",), "y", 0.9)], [_value(("a",), None, 0.99)]]
    assert merge(windows) == [replace(windows[1][0], rival="x")]


def test_an_unsure_rival_is_not_named() -> None:
    assert merge([[_value(("a",), "x", 0.1)], [_value(("a",), "y", 0.9)]])[0].rival is None


def test_null_stands_only_where_no_window_found_a_value() -> None:
    merged = merge([[_value(("a",), None, 0.99)], [_value(("a",), None, 0.7)]])
    assert [(value.raw, value.certainty.confidence) for value in merged] == [(None, 0.7)]
    assert merge([[_value(("a",), None, 0.99)], [_value(("a",), "x", 0.2)]])[0].raw == "x"


def _row(number: int, *cells: tuple[str | None, int]) -> list[GroundedValue]:
    return [_value(("rows", number, f"c{i}"), raw, 0.9, start) for i, (raw, start) in enumerate(cells)]


def test_rows_across_windows_are_joined_and_the_overlap_is_kept_once() -> None:
    first = [*_row(0, ("tea", 0), ("1", 4)), *_row(1, ("cake", 10), (None, 0))]
    second = [*_row(0, ("cake", 10), ("2", 15)), *_row(1, ("pie", 20), ("3", 24))]
    assert [raw for _, raw in _raws(merge([first, second]))] == ["tea", "1", "cake", "2", "pie", "3"]
    assert [path for path, _ in _raws(merge([first, second]))][::2] == [("rows", n, "c0") for n in range(3)]


def test_rows_with_equal_texts_in_other_places_are_other_rows() -> None:
    merged = merge([_row(0, ("tea", 0), ("1", 4)), _row(0, ("tea", 50), ("1", 54))])
    assert [raw for _, raw in _raws(merged)] == ["tea", "1", "tea", "1"]


def test_one_window_is_left_as_it_is() -> None:
    values = [_value(("a",), "x", 0.5), *_row(0, ("tea", 0))]
    assert merge([values]) == values


def test_a_document_without_words_has_no_window() -> None:
    document: ReadDocument = document_from_text("")
    assert cut_windows(document, tokens=10, count_tokens=_count) == ()
    assert pages_covered(document, ()) == 1
