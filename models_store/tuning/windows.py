"""Truth -> samples, cut exactly as fields and documents are cut when the model is used.

Each window is asked for every field. A value outside of it is null there; where a text is printed once more inside,
that is the answer. What may stand there by chance ("12", a boolean with no place) is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import cast

from extraction.compare import letters_and_digits
from extraction.field_batches import cut_fields, document_tokens
from extraction.language_model import LanguageModel
from extraction.records import Span
from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.windows import Window, cut_windows
from models_store.starter.factory.schemas import Json
from models_store.starter.factory.stream import Sample
from models_store.tuning.nodes import Group, Items, Node, Rows, Single
from models_store.tuning.ruler import Ruler
from models_store.tuning.truth import Truth, asked

DISTINCT = 5
"""Letters and digits of a text that means the same wherever it stands."""


class _Unsure(Enum):
    UNSURE = "it cannot be said whether the window holds the value"


@dataclass(frozen=True, slots=True)
class _View:
    """A window onto a document."""

    text: str
    span: Span

    def value(self, single: Single) -> Json | _Unsure:
        inside = [place for place in single.places if self._holds(place)]
        if single.closed is not None:
            is_here = bool(inside) if single.places else self.span.start == 0
            return single.closed if is_here else _Unsure.UNSURE
        if not single.places:
            return None
        first = single.places[0]
        if inside and (inside[0] == first or self._is_distinct(inside[0])):
            return self._text(inside[0])
        is_cut = first.start < self.span.end and first.end > self.span.start
        return _Unsure.UNSURE if inside or is_cut else None

    def node(self, node: Node) -> Json | _Unsure:
        match node:
            case Single():
                return self.value(node)
            case Items(items):
                return [text for text in map(self.value, items) if isinstance(text, str)]
            case Rows(rows):
                return [self._row(row) for row in rows if any(map(self._is_printed, row.values()))]
            case Group(parts):
                answered = {name: self.node(part) for name, part in parts.items()}
                known = {name: part for name, part in answered.items() if not isinstance(part, _Unsure)}
                return known or _Unsure.UNSURE

    def _row(self, row: Mapping[str, Single]) -> dict[str, Json]:
        """Of a row that begins or ends outside, the cells that are inside; options and booleans go with any of them."""
        return {name: self._cell(cell) for name, cell in row.items()}

    def _cell(self, cell: Single) -> Json:
        return self._text(cell.places[0]) if cell.closed is None and self._is_printed(cell) else cell.closed

    def _is_printed(self, cell: Single) -> bool:
        return bool(cell.places) and self._holds(cell.places[0])

    def _text(self, place: Span) -> str:
        return self.text[place.start : place.end]

    def _holds(self, place: Span) -> bool:
        return self.span.start <= place.start and place.end <= self.span.end

    def _is_distinct(self, place: Span) -> bool:
        return len(letters_and_digits(self._text(place))) >= DISTINCT


def samples_of(truth: Truth, document_type: DocumentTypeSpec, ruler: Ruler) -> Iterator[Sample]:
    """A sample for each part of the type and window of the document that has something to ask.

    Raises SchemaError where the type does not fit the model.
    """
    # Cutting asks a model for its context and for lengths only; the ruler knows both.
    model = cast(LanguageModel, ruler)
    for part in cut_fields(document_type, model):
        room = document_tokens(part, model)
        for window in cut_windows(truth.document, tokens=room, count_tokens=ruler.count_tokens):
            sample = _sample(truth, part.fields, window)
            if sample.answer:
                yield sample


def _sample(truth: Truth, fields: Sequence[FieldSpec], window: Window) -> Sample:
    view = _View(truth.document.flat_text, window.span)
    answers = {f.name: view.node(truth.values[f.name]) for f in fields if f.name in truth.values}
    known = {name: value for name, value in answers.items() if not isinstance(value, _Unsure)}
    shown = tuple(asked(fields, _matching(truth.values, known)))
    return Sample("labelled", False, shown, tuple(page.text for page in window.pages), known)


def _matching(values: Mapping[str, Node], known: Mapping[str, Json]) -> dict[str, Node]:
    """The nodes that are answered; of groups the answered parts."""
    kept: dict[str, Node] = {}
    for name, value in known.items():
        node = values[name]
        is_group = isinstance(node, Group) and isinstance(value, dict)
        kept[name] = Group(_matching(node.parts, value)) if is_group else node  # type: ignore[union-attr, arg-type]
    return kept
