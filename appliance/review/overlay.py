"""Lays people's decisions over an extraction. Pure: rows in, dictionaries out.

Decisions are only added; UNDONE takes back the latest decision on its path that still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from appliance.documents.stored_values import parse_path
from appliance.review.models import Decision, DecisionKind
from extraction.records import ValuePath
from extraction.schema import FieldSpec, Kind

ROW_KINDS = frozenset({DecisionKind.ROW_ADDED, DecisionKind.ROW_REMOVED})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A place of the answer that holds one value. A list without rows is one too, so that it can be decided."""

    path: ValuePath
    spec: FieldSpec
    where: str
    is_empty_list: bool = False


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that still count, oldest first."""
    kept: list[Decision] = []
    for decision in decisions:
        if decision.kind != DecisionKind.UNDONE:
            kept.append(decision)
            continue
        last = next((i for i in reversed(range(len(kept))) if kept[i].path == decision.path), None)
        if last is not None:
            del kept[last]
    return kept


def values_decided(decisions: Iterable[Decision]) -> dict[ValuePath, Decision]:
    """The latest decision on each value."""
    return {parse_path(decision.path): decision for decision in decisions if decision.kind not in ROW_KINDS}


class Rows:
    """Which rows the lists have: those of the extraction, and those that people added, without those they removed.

    A row keeps its number for good; a removed one leaves a gap.
    """

    def __init__(self, extracted: Iterable[ValuePath], decisions: Sequence[Decision]) -> None:
        self._known = _row_paths(extracted)
        self._gone: set[ValuePath] = set()
        for decision in decisions:
            path = parse_path(decision.path)
            if decision.kind == DecisionKind.ROW_ADDED:
                self._known.add(path)
                self._gone.discard(path)
            elif decision.kind == DecisionKind.ROW_REMOVED:
                self._gone.add(path)

    def of(self, path: ValuePath) -> list[int]:
        return sorted(row[-1] for row in self._known - self._gone if row[:-1] == path and isinstance(row[-1], int))

    def next_number(self, path: ValuePath) -> int:
        """One more than any row of this list ever had."""
        return 1 + max((row[-1] for row in self._known if row[:-1] == path and isinstance(row[-1], int)), default=-1)


def _row_paths(paths: Iterable[ValuePath]) -> set[ValuePath]:
    return {path[: i + 1] for path in paths for i, part in enumerate(path) if isinstance(part, int)}


def leaves(fields: Sequence[FieldSpec], rows: Rows, base: ValuePath = (), where: str = "") -> Iterator[Leaf]:
    """Every value that a document of this type has, in the order of the schema."""
    for spec in fields:
        path, title = (*base, spec.name), f"{where}{spec.title}"
        if spec.kind is Kind.GROUP:
            yield from leaves(spec.fields, rows, path, f"{title}, ")
        elif spec.kind is Kind.LIST or spec.many:
            yield from _row_leaves(spec, rows, path, title)
        else:
            yield Leaf(path, spec, title)


def _row_leaves(spec: FieldSpec, rows: Rows, path: ValuePath, title: str) -> Iterator[Leaf]:
    numbers = rows.of(path)
    if not numbers:
        yield Leaf(path, spec, title, is_empty_list=True)
    for position, number in enumerate(numbers, start=1):
        if spec.kind is Kind.LIST:
            yield from leaves(spec.fields, rows, (*path, number), f"{title} {position}, ")
        else:
            yield Leaf((*path, number), spec, f"{title} {position}")
