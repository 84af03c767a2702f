"""A reviewed document -> its label: every field with an answer that stands on something, and where it is printed.

An answer is a span of the text, "not in the document", or one of a closed list. What a person typed that is printed
nowhere, and what was left empty, is not asked at all: a null there would teach to overlook. Where OCR misread a word
the misread word is the answer, because that is what a model can see; only the place is learnt from such a correction.
A list is asked whole or not at all, since a row that lacks an answer would teach to drop it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appliance.documents.stored_values import path_text, regions_json
from appliance.retraining.datasets.printed import Printed
from appliance.review.models import Anchor
from appliance.review.queries import CurrentValue, Review, Status
from extraction.ground import WordMap
from extraction.records import ReadDocument, Region, Span, ValuePath
from extraction.schema import FieldSpec, Kind

Spans = dict[str, list[int]]
TYPED, EMPTY, MOVED, WHOLE_LIST = "typed", "left empty", "not on the page", "a row lacks an answer"
CLOSED = frozenset({Kind.ENUM, Kind.BOOLEAN})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `value`: as in the label's fields, None for "not in the document"; `spans` by path."""

    value: Any = None
    spans: Spans = field(default_factory=dict)
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """`fields` and `spans` as in a label file; `answers`: each field and list by its path; `left_out`: path to why."""

    fields: dict[str, Any]
    spans: Spans
    answers: dict[str, Answer]
    left_out: dict[str, str]


@dataclass
class Labeller:
    """Makes the label of one document."""

    review: Review
    read: ReadDocument
    printed: Printed
    left_out: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    def label(self) -> Label:
        fields = self._group(self.review.spec.fields, ())
        spans = {path: place for answer in self.answers.values() for path, place in answer.spans.items()}
        return Label(fields, spans, self.answers, self.left_out)

    def answer(self, value: CurrentValue) -> Answer | str:
        """Or why there is none."""
        if value.status is Status.EMPTY or value.raw == "":
            return EMPTY
        if value.raw is None:
            return Answer()
        if value.kind in CLOSED:
            return Answer(value.raw == "true" if value.kind is Kind.BOOLEAN else value.raw, regions=value.regions)
        if value.anchor == Anchor.TYPED:
            return TYPED
        return self._printed(value)

    def _printed(self, value: CurrentValue) -> Answer | str:
        span = self.printed.carried(value.span) if value.span else None
        if value.span is None or span is None or not self._stands(value, value.span):
            return MOVED
        return Answer(self.printed.of_span(span), {path_text(value.path): [span.start, span.end]}, value.regions)

    def _stands(self, value: CurrentValue, span: Span) -> bool:
        """The pages may have been read anew since the decision: text, or for a misread word its place, must agree."""
        if value.anchor == Anchor.OCR_WRONG:
            return regions_json(WordMap(self.read).regions(span)) == regions_json(value.regions)
        return self.read.flat_text[span.start : span.end] == value.raw

    def _group(self, fields: Sequence[FieldSpec], base: ValuePath) -> dict[str, Any]:
        found = ((spec.name, self._field(spec, (*base, spec.name))) for spec in fields)
        return {name: answer.value for name, answer in found if isinstance(answer, Answer)}

    def _field(self, spec: FieldSpec, path: ValuePath) -> Answer | str:
        if spec.kind is Kind.GROUP:
            return Answer(self._group(spec.fields, path))
        is_list = spec.kind is Kind.LIST or spec.many
        answer = self._list(spec, path) if is_list else self._value(path)
        if isinstance(answer, Answer):
            self.answers[path_text(path)] = answer
        else:
            self.left_out[path_text(path)] = answer
        return answer

    def _value(self, path: ValuePath) -> Answer | str:
        value = self.review.value(path)
        return self.answer(value) if value is not None else MOVED

    def _list(self, spec: FieldSpec, path: ValuePath) -> Answer | str:
        empty = self.review.value(path)
        if empty is not None:
            return EMPTY if empty.status is Status.EMPTY else Answer()
        rows = [self._row(spec, (*path, number)) for number in self.review.rows.of(path)]
        whole = [row for row in rows if row is not None]
        if len(whole) < len(rows):
            return WHOLE_LIST
        return _in_order([row for row in whole if _says_something(row.value)], path_text(path))

    def _row(self, spec: FieldSpec, path: ValuePath) -> Answer | None:
        """None where a cell has no answer. The spans are those of the row's own paths."""
        cells = {value.path: self.answer(value) for value in self.review.values if value.path[: len(path)] == path}
        if any(isinstance(cell, str) for cell in cells.values()):
            return None
        known = {at: cell for at, cell in cells.items() if isinstance(cell, Answer)}
        spans = {
            path_text(at).removeprefix(path_text(path)): place
            for at, cell in known.items()
            for place in cell.spans.values()
        }
        regions = tuple(region for cell in known.values() for region in cell.regions)
        if spec.kind is not Kind.LIST:
            return Answer(known[path].value if path in known else None, spans, regions)
        return Answer(_nested(spec.fields, path, known), spans, regions)


def _nested(fields: Sequence[FieldSpec], base: ValuePath, known: Mapping[ValuePath, Answer]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for spec in fields:
        path = (*base, spec.name)
        if spec.kind is Kind.GROUP:
            row[spec.name] = _nested(spec.fields, path, known)
        elif path in known:
            row[spec.name] = known[path].value
    return row


def _in_order(rows: Sequence[Answer], path: str) -> Answer:
    """Rows go down the page, as a model answers them, also where a person added one at the end."""
    ordered = sorted(rows, key=lambda row: min((place[0] for place in row.spans.values()), default=1 << 60))
    spans = {f"{path}[{at}]{rest}": place for at, row in enumerate(ordered) for rest, place in row.spans.items()}
    regions = tuple(region for row in ordered for region in row.regions)
    return Answer([row.value for row in ordered] or None, spans, regions)


def _says_something(value: Any) -> bool:
    return any(_leaves(value))


def _leaves(value: Any) -> Iterator[bool]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    else:
        yield value is not None
