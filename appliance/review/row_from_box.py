"""A new row of a table from the words in a drawn box: each word goes to the column it stands under."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.review.answers import Act
from appliance.review.queries import Review
from appliance.review.specs import spec_at
from extraction.ground import WordMap
from extraction.records import ReadDocument, Span, ValuePath
from extraction.schema import Kind


def words_by_column(review: Review, read: ReadDocument, act: Act) -> dict[ValuePath, tuple[Span, ...]]:
    """Column, as a path inside of the row, to the places of its words.

    Where earlier rows show where the columns stand, the nearest one takes a word; otherwise the columns are filled from
    left to right, a new one at each column gap.
    """
    spec = spec_at(review.spec, act.path)
    columns: list[ValuePath] = [(field.name,) for field in spec.fields if field.kind.is_span and not field.many]
    if spec.kind is not Kind.LIST or not columns:
        return {(): act.spans} if spec.many else {}
    ranges = dict(_ranges(review, act.path, columns))
    found: dict[ValuePath, list[Span]] = {}
    position = 0
    for number, span in _words(read, act.spans):
        _, word = read.words[number]
        position += word.gap and bool(found)
        column = columns[min(position, len(columns) - 1)]
        if ranges:
            middle = (word.box.left + word.box.right) / 2
            column = min(ranges, key=lambda name: _distance(middle, ranges[name]))
        found.setdefault(column, []).append(span)
    return {column: tuple(spans) for column, spans in found.items()}


def _words(read: ReadDocument, spans: tuple[Span, ...]) -> Iterator[tuple[int, Span]]:
    """The single words that the spans touch, with their numbers."""
    words = WordMap(read)
    size = len(read.flat_text)
    for span in (span for span in spans if 0 <= span.start < span.end <= size):
        start = span.start
        for number in words.words_of(span):
            end = min(span.end, start + len(read.words[number][1].text))
            yield number, Span(start, end)
            start = end + 1


def _ranges(
    review: Review, path: ValuePath, columns: list[ValuePath]
) -> Iterator[tuple[ValuePath, tuple[float, float]]]:
    """From where to where each column stands in the rows that are known."""
    depth = len(path)
    for column in columns:
        boxes = [
            region.box
            for value in review.values
            if value.path[:depth] == path and value.path[depth + 1 :] == column
            for region in value.regions
        ]
        if boxes:
            yield column, (min(box.left for box in boxes), max(box.right for box in boxes))


def _distance(middle: float, column: tuple[float, float]) -> float:
    left, right = column
    return max(left - middle, middle - right, 0.0)
