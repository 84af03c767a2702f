"""Ties each value to its place: all exact places in the window, the one that was most likely meant, its boxes.

The rule of choice: a single value takes the place with the most words of its label, name and description before it on
the same line or on the line above; otherwise the first place. Rows of a list go down the document: the rarest value of
a row is placed first, behind the row before, and the others at the places nearest to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from extraction.decode import Certainty, RawValue
from extraction.records import Box, ReadDocument, Region, Span, ValuePath
from extraction.rows import column, list_path, row_path
from extraction.schema import FieldSpec
from extraction.spans import UnitIndex
from extraction.windows import Window, word_offsets

_LABEL_WORDS = 8
"""How many words before a place count as its label."""


@dataclass(frozen=True, slots=True)
class GroundedValue:
    """A value with its place in the document. `span` is None for what is absent or closed (enum, boolean).
    `rival` is what another window of the document says instead, nearly as surely."""

    path: ValuePath
    spec: FieldSpec
    raw: str | None
    certainty: Certainty
    span: Span | None = None
    occurrences: int = 0
    is_cut: bool = False
    rival: str | None = None


class WordMap:
    """From characters of `flat_text` to words, lines, boxes and OCR confidence."""

    def __init__(self, document: ReadDocument) -> None:
        self._words = document.words
        self._offsets = word_offsets(document)

    def words_of(self, span: Span) -> range:
        """The numbers of the words that the span touches."""
        return range(self.word_at(span.start), self.word_at(span.end - 1) + 1)

    def word_at(self, offset: int) -> int:
        return bisect_right(self._offsets, offset) - 1

    def line_of(self, offset: int) -> int:
        """The line's number, counted through the document."""
        return self._lines[self.word_at(offset)]

    def words_before(self, offset: int) -> list[str]:
        """The words that may label this place: before it on its line and, in reach, on the line above."""
        number = self.word_at(offset)
        near = range(max(0, number - _LABEL_WORDS), number)
        return [self._words[n][1].text for n in near if self._lines[number] - self._lines[n] <= 1]

    def regions(self, span: Span) -> tuple[Region, ...]:
        """One box for each line; a word that is only touched in part gives that part of its box, by characters."""
        pieces = [(self._words[n][0], self._lines[n], self._part(n, span)) for n in self.words_of(span)]
        regions = []
        for (page, _), group in groupby(pieces, key=lambda piece: piece[:2]):
            boxes = [box for _, _, box in group]
            whole = boxes[0]
            for box in boxes[1:]:
                whole = whole.union(box)
            regions.append(Region(page, whole))
        return tuple(regions)

    def ocr_confidence(self, span: Span) -> float | None:
        """The lowest of the words, or None where there was no OCR."""
        found = [self._words[n][1].ocr_confidence for n in self.words_of(span)]
        return min((value for value in found if value is not None), default=None)

    def _part(self, number: int, span: Span) -> Box:
        word, start = self._words[number][1], self._offsets[number]
        size, width = len(word.text), word.box.right - word.box.left
        left = max(span.start - start, 0) / size
        right = min(span.end - start, size) / size
        return Box(word.box.left + left * width, word.box.top, word.box.left + right * width, word.box.bottom)

    @cached_property
    def _lines(self) -> list[int]:
        lines: list[int] = []
        before: tuple[int, int] | None = None
        for page, word in self._words:
            here = (page, word.line)
            lines.append((lines[-1] + (here != before)) if lines else 0)
            before = here
        return lines


def ground(values: Sequence[RawValue], window: Window, document: ReadDocument, words: WordMap) -> list[GroundedValue]:
    """The values of one window with their places in the document."""
    index = UnitIndex(document.flat_text[window.span.start : window.span.end])
    found = {value.path: _places(value, index, window.span.start) for value in values}
    chosen: dict[ValuePath, Span] = {}
    singles = [value for value in values if row_path(value.path) is None]
    for value in singles:
        if found[value.path]:
            chosen[value.path] = _labelled(value.spec, found[value.path], words)
    rows = [value for value in values if row_path(value.path) is not None]
    for _, in_list in groupby(rows, key=lambda value: list_path(value.path)):
        _place_rows([value.path for value in in_list], found, words, chosen)
    grounded = [_grounded(value, chosen.get(value.path), len(found[value.path])) for value in values]
    return without_repeated_rows(grounded)


def without_repeated_rows(values: Sequence[GroundedValue]) -> list[GroundedValue]:
    """A printed row is one row: what stands entirely on places of earlier rows is left out, the rest renumbered."""
    kept: list[GroundedValue] = []
    for key, group in groupby(values, key=lambda value: list_path(value.path)):
        found = list(group)
        kept += found if key is None else _distinct_rows(key, found)
    return kept


def _distinct_rows(key: ValuePath, values: Sequence[GroundedValue]) -> Iterator[GroundedValue]:
    taken: set[tuple[ValuePath, Span]] = set()
    number = 0
    for _, group in groupby(values, key=lambda value: row_path(value.path)):
        row = list(group)
        places = {(column(value.path), value.span) for value in row if value.span is not None}
        if places and places <= taken:
            continue
        taken |= places
        yield from (replace(value, path=(*key, number, *column(value.path))) for value in row)
        number += 1


def _places(value: RawValue, index: UnitIndex, start: int) -> tuple[Span, ...]:
    if value.raw is None or not value.spec.kind.is_span:
        return ()
    return tuple(Span(start + place.start, start + place.end) for place in index.spans(value.raw))


def _grounded(value: RawValue, span: Span | None, occurrences: int) -> GroundedValue:
    return GroundedValue(value.path, value.spec, value.raw, value.certainty, span, occurrences, is_cut=value.is_cut)


def _labelled(spec: FieldSpec, places: Sequence[Span], words: WordMap) -> Span:
    if len(places) == 1:
        return places[0]
    label = _tokens(f"{spec.label} {spec.name} {spec.description}")
    return max(places, key=lambda place: len(label & _tokens(" ".join(words.words_before(place.start)))))


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text.casefold()))


def _place_rows(
    paths: Sequence[ValuePath],
    found: dict[ValuePath, tuple[Span, ...]],
    words: WordMap,
    chosen: dict[ValuePath, Span],
) -> None:
    """Fills `chosen` for the rows of one list."""
    taken: set[Span] = set()
    behind = -1
    for _, group in groupby(paths, key=row_path):
        row = sorted((path for path in group if found[path]), key=lambda path: len(found[path]))
        anchor: Span | None = None
        for path in row:
            free = [place for place in found[path] if place not in taken] or list(found[path])
            span = _ahead(free, behind) if anchor is None else _nearest(free, anchor, words)
            anchor = anchor or span
            chosen[path] = span
        taken |= {chosen[path] for path in row}
        behind = anchor.start if anchor else behind


def _ahead(places: Sequence[Span], behind: int) -> Span:
    return next((place for place in places if place.start > behind), places[0])


def _nearest(places: Sequence[Span], anchor: Span, words: WordMap) -> Span:
    line = words.line_of(anchor.start)
    return min(places, key=lambda place: (abs(words.line_of(place.start) - line), abs(place.start - anchor.start)))
