"""A labelled record -> what can be asked of its document, and where the answers stand.

What the record says to be absent is asked and answered with null. What it says and the page does not show is not
asked: a null there would teach to overlook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from extraction.records import ReadDocument, Span
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.tuning.anchoring import Gold, anchor
from models_store.tuning.nodes import Group, Items, Node, Rows, Single
from models_store.tuning.printed import PrintedText
from models_store.tuning.rows import placed

_ANY = "any of them"
"""What the description says of a repeated field whose labels are the accepted spans (as `extraction.scores` has it)."""
_ROW = re.compile(r"\[\d+\]")
LEAST_ITEMS = 0.8
"""A list of values is asked when this share of its items stands on the page; the others are not answered."""


@dataclass(frozen=True, slots=True)
class Truth:
    """`values`: by field name, only those that can be asked; a list's columns likewise. `tally`: for every labelled
    value its field ("list.column") and whether it was found."""

    document: ReadDocument
    values: Mapping[str, Node]
    tally: tuple[tuple[str, bool], ...]


@dataclass(slots=True)
class Anchorer:
    """Finds the values of one document. `spans`: where values stand, by path; what is not there is searched for."""

    printed: PrintedText
    document_type: DocumentTypeSpec
    spans: Mapping[str, Span]
    tally: list[tuple[str, bool]] = field(default_factory=list)

    def group(self, fields: Sequence[FieldSpec], gold: Mapping[str, object], prefix: str = "") -> dict[str, Node]:
        """What `gold` names and the page shows. `prefix`: the path of the group with its dot."""
        nodes = ((spec.name, self.node(spec, gold[spec.name], prefix)) for spec in fields if spec.name in gold)
        return {name: node for name, node in nodes if node is not None}

    def node(self, spec: FieldSpec, gold: object, prefix: str) -> Node | None:
        """None where the field cannot be asked."""
        path = prefix + spec.name
        match spec.kind:
            case Kind.GROUP:
                inner = gold if isinstance(gold, Mapping) else dict.fromkeys((f.name for f in spec.fields), None)
                parts = self.group(spec.fields, inner, path + ".")
                return Group(parts) if parts else None
            case Kind.LIST:
                return self._rows(spec, [row for row in _list(gold) if isinstance(row, Mapping)], path)
            case _ if spec.many:
                return self._items(spec, _list(gold), path)
            case _:
                return self._single(spec, gold, path)

    def _single(self, spec: FieldSpec, gold: object, path: str) -> Single | None:
        """Of several accepted values the first that is printed."""
        options = [option for option in _list(gold) if option not in (None, "")]
        if not options:
            return Single()
        found = next(filter(None, (self.value(spec, option, path) for option in options)), None)
        self._count(path, found)
        return found

    def value(self, spec: FieldSpec, gold: object, path: str) -> Single | None:
        """One value that is there; None where it is not found."""
        given = self._given(path)
        if spec.kind is Kind.BOOLEAN:
            return Single(given, closed=gold) if isinstance(gold, bool) else None
        if spec.kind is Kind.ENUM:
            option = next((o for o in spec.options if o.casefold() == str(gold).strip().casefold()), None)
            return Single(given or self.printed.whole(self.printed.saying(option)), option) if option else None
        if path in self.spans:
            return Single(given) if given else None
        if isinstance(gold, bool) or not isinstance(gold, str | int | float):
            return None
        text: Gold = str(gold) if spec.kind is Kind.IDENTIFIER else gold
        places = anchor(self.printed, text, spec, self.document_type)
        return Single(places) if places else None

    def _given(self, path: str) -> tuple[Span, ...]:
        """The place that the label names, and behind it others that say the same. Empty where no value can stand."""
        span = self.spans.get(path)
        if span is None or not self.printed.is_possible(span):
            return ()
        text = self.printed.of(span)
        others = self.printed.whole(self.printed.saying(text))
        return (span, *(other for other in others if other != span and self.printed.of(other) == text))

    def _count(self, path: str, found: Single | None) -> None:
        self.tally.append((_ROW.sub("", path), found is not None))

    def _items(self, spec: FieldSpec, golds: Sequence[object], path: str) -> Items | None:
        taken: set[Span] = set()
        items: list[Single] = []
        for number, gold in enumerate(golds):
            found = self.value(spec, gold, f"{path}[{number}]")
            self._count(path, found)
            if found is not None:
                items.append(_untaken(found, taken))
                taken.add(items[-1].places[0])
        least = min(1, len(golds)) if _ANY in spec.description else LEAST_ITEMS * len(golds)
        in_order = sorted(items, key=lambda item: item.places[0].start)
        return Items(tuple(in_order)) if len(items) >= least else None

    def _rows(self, spec: FieldSpec, golds: Sequence[Mapping[str, object]], path: str) -> Rows | None:
        """Columns with a value that is not found are not asked. Rows inside of rows are not asked either."""
        columns = [f for f in spec.fields if not (f.many or f.kind.has_fields)]
        rows = [
            {f.name: self._cell(f, row.get(f.name), f"{path}[{number}].{f.name}") for f in columns}
            for number, row in enumerate(golds)
        ]
        lost = {name for row in rows for name, cell in row.items() if cell is None}
        kept = [f.name for f in columns if f.name not in lost]
        found = [{name: row[name] or Single() for name in kept} for row in rows]
        return Rows(tuple(placed(found))) if kept else None

    def _cell(self, spec: FieldSpec, gold: object, path: str) -> Single | None:
        """A value of a row; where the label names its place, no other counts."""
        found = self._single(spec, gold, path)
        return Single(found.places[:1], found.closed) if found and path in self.spans else found


def find_truth(
    document: ReadDocument,
    gold: Mapping[str, object],
    document_type: DocumentTypeSpec,
    *,
    spans: Mapping[str, Span] = MappingProxyType({}),
) -> Truth:
    """`gold` and `spans`: those of a label, as `extraction.labels` reads them."""
    anchorer = Anchorer(PrintedText(document.flat_text), document_type, spans)
    values = anchorer.group(document_type.fields, gold)
    return Truth(document, values, tuple(anchorer.tally))


def asked(fields: Sequence[FieldSpec], values: Mapping[str, Node]) -> Iterator[FieldSpec]:
    """The fields that `values` can answer, groups and lists with those of their fields that can be."""
    for spec in fields:
        match values.get(spec.name):
            case None:
                continue
            case Group(parts):
                yield spec.model_copy(update={"fields": tuple(asked(spec.fields, parts))})
            case Rows(rows) if rows:
                yield spec.model_copy(update={"fields": tuple(f for f in spec.fields if f.name in rows[0])})
            case _:
                yield spec


def _untaken(found: Single, taken: set[Span]) -> Single:
    """The same value with the first free place in front: twins stand in two places."""
    free = next((place for place in found.places if place not in taken), found.places[0])
    return Single((free, *(place for place in found.places if place != free)))


def _list(gold: object) -> list[object]:
    return gold if isinstance(gold, list) else [] if gold is None else [gold]
