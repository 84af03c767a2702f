"""A line of a file -> a label of the type. Values that do not stand in the text are not asked: they train nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.documents.stored_pages import storable
from appliance.retraining.datasets.printed import sha256_of
from appliance.retraining.datasets.transfer.reading import BadLine, Brought
from extraction.records import Span
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.text_document import document_from_text
from models_store.tuning.nodes import Group, Items, Node, Rows, Single
from models_store.tuning.truth import Truth, find_truth

MOST_NAMED = 40


@dataclass(frozen=True, slots=True)
class Checked:
    """`fields` and `spans`: what can be asked. `not_found`: paths of fields whose values stand nowhere."""

    text: str
    text_sha256: str
    fields: dict[str, Any]
    spans: dict[str, list[int]]
    sender: str
    not_found: tuple[str, ...]


def check(number: int, brought: Brought, spec: DocumentTypeSpec) -> Checked | BadLine:
    """`number`: of the line, from 1."""
    stray = next(_strays(brought.untrusted_fields, spec.fields), None)
    if stray is not None:
        return BadLine(number, f"The type has no field “{stray[:MOST_NAMED]}”, or one of another shape.")
    text = storable(brought.untrusted_text)
    document = document_from_text(text)
    spans = _spans(brought.untrusted_spans, len(document.flat_text))
    truth = find_truth(document, brought.untrusted_fields, spec, spans=spans)
    label = _Label(truth)
    fields = label.group(truth.values, "")
    if not fields:
        return BadLine(number, "None of its values stands in its text.")
    asked = set(_paths(fields, spec.fields))
    not_found = [path for path in _paths(brought.untrusted_fields, spec.fields) if path not in asked]
    sender = storable(brought.untrusted_sender)[:200]
    return Checked(text, sha256_of(text), fields, label.spans, sender, tuple(not_found))


@dataclass
class _Label:
    """Turns places back into values and spans."""

    truth: Truth

    def __post_init__(self) -> None:
        self.spans: dict[str, list[int]] = {}

    def group(self, values: Mapping[str, Node], base: str) -> dict[str, Any]:
        return {name: self.value(node, f"{base}{name}") for name, node in values.items()}

    def value(self, node: Node, path: str) -> Any:
        match node:
            case Group(parts):
                return self.group(parts, f"{path}.")
            case Items(items):
                return [self.value(item, f"{path}[{at}]") for at, item in enumerate(items)] or None
            case Rows(rows):
                return [self.group(row, f"{path}[{at}].") for at, row in enumerate(rows)] or None
            case Single():
                return self._single(node, path)

    def _single(self, single: Single, path: str) -> Any:
        if single.closed is not None:
            return single.closed
        if not single.places:
            return None
        place = single.places[0]
        self.spans[path] = [place.start, place.end]
        return self.truth.document.flat_text[place.start : place.end]


def _strays(fields: Mapping[str, Any], specs: Sequence[FieldSpec], base: str = "") -> Iterator[str]:
    """Names that the type does not have, and values of another shape than their field."""
    known = {spec.name: spec for spec in specs}
    for name, value in fields.items():
        spec = known.get(name)
        if spec is None or not _fits(value, spec):
            yield f"{base}{name}"
        elif spec.kind is Kind.GROUP and isinstance(value, Mapping):
            yield from _strays(value, spec.fields, f"{base}{name}.")
        elif spec.kind is Kind.LIST:
            for row in value or []:
                yield from _strays(row, spec.fields, f"{base}{name}.")


def _fits(value: object, spec: FieldSpec) -> bool:
    if value is None:
        return True
    if spec.kind is Kind.GROUP:
        return isinstance(value, Mapping)
    if spec.kind is Kind.LIST:
        return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
    if spec.many:
        return isinstance(value, list) and all(isinstance(item, str | int | float) for item in value)
    return isinstance(value, str | int | float)


def _paths(fields: Mapping[str, Any], specs: Sequence[FieldSpec], base: str = "") -> Iterator[str]:
    """Fields outside of lists, and lists, that are answered; a column of a list where only that is."""
    for spec in specs:
        if spec.name not in fields:
            continue
        value, path = fields[spec.name], f"{base}{spec.name}"
        if spec.kind is Kind.GROUP and isinstance(value, Mapping):
            yield from _paths(value, spec.fields, f"{path}.")
        elif spec.kind is Kind.LIST and value:
            yield from sorted({f"{path}[].{name}" for row in value for name in row})
        else:
            yield path


def _spans(untrusted_spans: Mapping[str, Any], length: int) -> dict[str, Span]:
    """Those that are places of the text; other ones are as good as none, and the value is searched for."""
    found = {str(path): place for path, place in untrusted_spans.items() if _is_place(place, length)}
    return {path: Span(*place) for path, place in found.items()}


def _is_place(place: object, length: int) -> bool:
    if not isinstance(place, list) or len(place) != 2 or not all(type(end) is int for end in place):
        return False
    return 0 <= place[0] < place[1] <= length
