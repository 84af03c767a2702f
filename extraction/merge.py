"""Joins what several windows say about one document.

A single value comes from the window that was most sure of it; null only where no window found it. Rows of lists follow
the windows; a row that two windows saw (they share a span in the same column) is kept once, in its fuller form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from extraction.ground import GroundedValue
from extraction.records import Span, ValuePath
from extraction.rows import column, list_path, row_path

RIVAL_SHARE = 0.5
"""Another window's value is worth a remark from this share of the winner's confidence."""
_Row = list[GroundedValue]


def merge(windows: Sequence[Sequence[GroundedValue]]) -> list[GroundedValue]:
    """One value for each path, in the order of the first window's schema."""
    if len(windows) == 1:
        return list(windows[0])
    singles: defaultdict[ValuePath, list[GroundedValue]] = defaultdict(list)
    lists: defaultdict[ValuePath, list[_Row]] = defaultdict(list)
    for window in windows:
        for value in window:
            if row_path(value.path) is None:
                singles[value.path].append(value)
        for key, rows in _rows(window):
            _join(lists[key], rows)
    merged = [_best(candidates) for candidates in singles.values()]
    return [*merged, *_numbered(lists)]


def _best(candidates: Sequence[GroundedValue]) -> GroundedValue:
    found = [value for value in candidates if value.raw is not None]
    if not found:
        return min(candidates, key=lambda value: value.certainty.confidence)
    best = max(found, key=lambda value: value.certainty.confidence)
    others = [value for value in found if value.raw != best.raw]
    rival = max(others, key=lambda value: value.certainty.confidence, default=None)
    if rival is None or rival.certainty.confidence < RIVAL_SHARE * best.certainty.confidence:
        return best
    return replace(best, rival=rival.raw)


def _rows(window: Sequence[GroundedValue]) -> Iterator[tuple[ValuePath, list[_Row]]]:
    in_lists = [value for value in window if row_path(value.path) is not None]
    for key, group in groupby(in_lists, key=lambda value: list_path(value.path) or ()):
        yield key, [list(row) for _, row in groupby(group, key=lambda value: row_path(value.path))]


def _join(known: list[_Row], rows: Sequence[_Row]) -> None:
    """Adds the rows of one window; one that an earlier window knew already replaces its twin if it is fuller."""
    earlier = [_places(row) for row in known]
    for row in rows:
        twin = next((i for i, places in enumerate(earlier) if _places(row) & places), None)
        if twin is None:
            known.append(row)
        elif _fullness(row) > _fullness(known[twin]):
            known[twin] = row


def _places(row: _Row) -> set[tuple[ValuePath, Span]]:
    return {(column(value.path), value.span) for value in row if value.span is not None}


def _fullness(row: _Row) -> int:
    return sum(value.raw is not None for value in row)


def _numbered(lists: dict[ValuePath, list[_Row]]) -> Iterator[GroundedValue]:
    for key, rows in lists.items():
        for number, row in enumerate(rows):
            for value in row:
                yield replace(value, path=(*key, number, *column(value.path)))
