from __future__ import annotations

from extraction.read.columns import read_in_columns
from extraction.read.lines import Piece, group_into_lines
from tests.extraction.read.pages import put, texts

BLANK = 1.0
PROSE = "every line of this column runs on"


def _prose(x: float, y: float, lines: int, name: str) -> list[Piece]:
    return [piece for row in range(lines) for piece in put(f"{name}{row} {PROSE}", x, y + 24 * row)]


def _read(pieces: list[Piece]) -> list[str]:
    return texts(read_in_columns(group_into_lines(pieces), BLANK))


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    expected = [f"L{row} {PROSE}" for row in range(8)] + [f"R{row} {PROSE}" for row in range(8)]
    assert _read(_prose(50, 100, 8, "L") + _prose(480, 100, 8, "R")) == expected


def test_columns_need_not_share_their_baselines() -> None:
    expected = [f"L{row} {PROSE}" for row in range(8)] + [f"R{row} {PROSE}" for row in range(8)]
    assert _read(_prose(50, 100, 8, "L") + _prose(480, 112, 8, "R")) == expected


def test_three_columns_are_read_one_after_the_other() -> None:
    pieces = _prose(50, 100, 6, "A") + _prose(480, 100, 6, "B") + _prose(910, 100, 6, "C")
    assert [line[:2] for line in _read(pieces)] == [f"{name}{row}" for name in "ABC" for row in range(6)]


def test_a_heading_across_both_columns_stays_first() -> None:
    pieces = put("A heading that goes right across the whole of the page and both of its columns", 50, 40)
    lines = _read(pieces + _prose(50, 100, 6, "L") + _prose(480, 100, 6, "R"))
    assert [line.split()[0] for line in lines] == ["A", *(f"L{n}" for n in range(6)), *(f"R{n}" for n in range(6))]


def test_a_table_is_read_row_by_row() -> None:
    rows = [("Steel hinges 40 mm", "12", "3.50", "42.00")] * 6
    pieces = [
        piece
        for number, row in enumerate(rows)
        for cell, x in zip(row, (50, 400, 500, 620), strict=True)
        for piece in put(cell, x, 100 + 24 * number)
    ]
    assert _read(pieces) == ["Steel hinges 40 mm 12 3.50 42.00"] * 6


def test_a_table_with_wordy_cells_on_one_side_is_read_row_by_row() -> None:
    pieces = [p for row in range(6) for p in put("a long description of the goods", 50, 100 + 24 * row)]
    pieces += [p for row in range(6) for p in put("42.00", 700, 100 + 24 * row)]
    assert _read(pieces) == ["a long description of the goods 42.00"] * 6


def test_addresses_side_by_side_stay_on_their_lines() -> None:
    left = ("Harbour Tools Ltd", "3 Quay Street", "Bristol BS1 4DJ", "United Kingdom")
    right = ("Mason & Sons", "18 High Road", "Leeds LS2 8PA", "United Kingdom")
    pieces = [p for row, text in enumerate(left) for p in put(text, 50, 100 + 24 * row)]
    pieces += [p for row, text in enumerate(right) for p in put(text, 600, 100 + 24 * row)]
    assert _read(pieces) == [f"{one} {other}" for one, other in zip(left, right, strict=True)]


def test_no_word_is_lost_or_doubled() -> None:
    pieces = _prose(50, 100, 9, "L") + _prose(480, 106, 7, "R") + put("Total", 50, 500) + put("9", 800, 500)
    ordered = [piece for line in read_in_columns(group_into_lines(pieces), BLANK) for piece in line]
    assert sorted(map(id, ordered)) == sorted(map(id, pieces))
