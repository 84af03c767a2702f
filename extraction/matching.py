"""Each labelled value of a document with the value that was found for it, and what was found beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extraction.compare import Gold, is_exact, is_lenient
from extraction.records import FieldValue, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

_ANY = "any of them"
"""A repeated field whose description says so is right when one of the labelled spans was found."""
_NOWHERE = -1
"""The row of a labelled row without a partner: no value stands there."""
_Equal = Callable[[FieldValue, Gold], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled value and the one found for it.

    `path`: as labelled, "line_items[2].amount"; what nobody labelled is counted apart, "line_items[+0].amount", and
    `is_extra`. `field`: the path without its numbers. `accepted`: each of them will do; none where the document holds
    no such value, also for a list without rows, whose path ends at the list.
    """

    path: str
    field: str
    accepted: tuple[Gold, ...]
    value: FieldValue | None
    is_right: bool
    is_exact: bool
    is_extra: bool = False

    @property
    def is_given(self) -> bool:
        return self.value is not None and self.value.raw is not None


@dataclass(frozen=True, slots=True)
class _At:
    """A place: where the values found for it are, and how it is called."""

    found: ValuePath
    path: str = ""
    field: str = ""
    is_extra: bool = False

    def child(self, name: str) -> _At:
        def joined(base: str) -> str:
            return f"{base}.{name}" if base else name

        return _At((*self.found, name), joined(self.path), joined(self.field), self.is_extra)

    def item(self, number: int, found: int) -> _At:
        return _At((*self.found, found), f"{self.path}[{number}]", self.field)

    def surplus(self, number: int, found: int) -> _At:
        return _At((*self.found, found), f"{self.path}[+{number}]", self.field, is_extra=True)


def match(
    values: Sequence[FieldValue], gold: Mapping[str, object], document_type: DocumentTypeSpec
) -> tuple[Pair, ...]:
    """Pairs of the fields that `gold` names. A gold of null, "" or [] means absent: any value there is wrong.

    A labelled row takes the free row that agrees with it most, those that agree most first.
    """
    matcher = _Matcher({value.path: value for value in values}, document_type)
    return tuple(matcher.group(gold, document_type.fields, _At(())))


class _Matcher:
    def __init__(self, values: Mapping[ValuePath, FieldValue], document_type: DocumentTypeSpec) -> None:
        self._values = values
        self._type = document_type

    def group(self, gold: object, fields: Sequence[FieldSpec], at: _At) -> Iterator[Pair]:
        labelled = gold if isinstance(gold, Mapping) else {}
        for spec in fields:
            if spec.name in labelled:
                yield from self._field(spec, labelled[spec.name], at.child(spec.name))

    def _field(self, spec: FieldSpec, gold: object, at: _At) -> Iterator[Pair]:
        if spec.kind is Kind.GROUP:
            yield from self.group(gold or _nothing(spec), spec.fields, at)
        elif spec.kind is Kind.LIST:
            yield from self._rows(spec, gold, at)
        elif spec.many and _ANY in spec.description:
            yield from self._one_of(spec, _accepted(gold), at)
        elif spec.many:
            yield from self._items(spec, _accepted(gold), at)
        else:
            yield self._pair(spec, _accepted(gold), at, self._values.get(at.found))

    def _one_of(self, spec: FieldSpec, accepted: tuple[Gold, ...], at: _At) -> Iterator[Pair]:
        """Several values, of which one is wanted; other right ones do no harm."""
        given = self._given(at)
        right = {n for n in given if any(self._lenient(spec)(self._values[(*at.found, n)], gold) for gold in accepted)}
        chosen = min(right, default=_NOWHERE)
        is_kept = bool(accepted) or not given
        yield self._pair(spec, accepted, at, self._values.get((*at.found, chosen)), is_kept=is_kept)
        yield from self._surplus(spec, [n for n in given if n not in right], at)

    def _items(self, spec: FieldSpec, wanted: tuple[Gold, ...], at: _At) -> Iterator[Pair]:
        """Values in any order: those that are exactly right find each other first."""
        free, partners = self._given(at), dict[int, int]()
        for equal in (is_exact, self._lenient(spec)):
            self._marry(wanted, free, partners, at, equal)
        for number, gold in enumerate(wanted):
            place = at.item(number, partners.get(number, _NOWHERE))
            yield self._pair(spec, (gold,), place, self._values.get(place.found))
        if not wanted:
            yield self._pair(spec, (), at, None, is_kept=not free)
        yield from self._surplus(spec, free, at)

    def _marry(self, wanted: Sequence[Gold], free: list[int], partners: dict[int, int], at: _At, equal: _Equal) -> None:
        for number, gold in enumerate(wanted):
            twin = next((n for n in free if equal(self._values[(*at.found, n)], gold)), None)
            if number not in partners and twin is not None:
                partners[number] = twin
                free.remove(twin)

    def _rows(self, spec: FieldSpec, gold: object, at: _At) -> Iterator[Pair]:
        rows = [row for row in gold if isinstance(row, Mapping)] if isinstance(gold, list) else []
        free = self._row_numbers(at)
        partners = self._partners(spec, rows, free, at)
        for number, row in enumerate(rows):
            yield from self.group(row, spec.fields, at.item(number, partners.get(number, _NOWHERE)))
        left = [n for n in free if n not in partners.values()]
        extras = [
            pair
            for number, n in enumerate(left)
            for pair in self.group(_nothing(spec), spec.fields, at.surplus(number, n))
            if pair.is_given
        ]
        if not rows:
            yield self._pair(spec, (), at, None, is_kept=not extras)
        yield from extras

    def _partners(self, spec: FieldSpec, rows: Sequence[object], free: Sequence[int], at: _At) -> dict[int, int]:
        """Labelled row -> found row."""
        agreeing = sorted(
            (-sum(bool(p.accepted) and p.is_right for p in self.group(row, spec.fields, at.item(number, n))), number, n)
            for number, row in enumerate(rows)
            for n in free
        )
        partners: dict[int, int] = {}
        for _, number, n in agreeing:
            if number not in partners and n not in partners.values():
                partners[number] = n
        return partners

    def _surplus(self, spec: FieldSpec, found: Sequence[int], at: _At) -> Iterator[Pair]:
        for number, n in enumerate(found):
            place = at.surplus(number, n)
            yield self._pair(spec, (), place, self._values[place.found])

    def _pair(
        self, spec: FieldSpec, accepted: tuple[Gold, ...], at: _At, value: FieldValue | None, *, is_kept: bool = True
    ) -> Pair:
        """`is_kept`: of an absent field, that nothing was found for it elsewhere."""
        given = value if value is not None and value.raw is not None else None
        if not accepted:
            absent = given is None and is_kept
            return Pair(at.path, at.field, (), value, absent, absent, at.is_extra)
        lenient = self._lenient(spec)
        is_right = given is not None and any(lenient(given, gold) for gold in accepted)
        exact = given is not None and any(is_exact(given, gold) for gold in accepted)
        return Pair(at.path, at.field, accepted, value, is_right, exact, at.is_extra)

    def _lenient(self, spec: FieldSpec) -> _Equal:
        return lambda value, gold: is_lenient(value, gold, spec, self._type)

    def _given(self, at: _At) -> list[int]:
        return [n for n in self._row_numbers(at) if self._values[(*at.found, n)].raw is not None]

    def _row_numbers(self, at: _At) -> list[int]:
        size = len(at.found)
        numbers = {path[size] for path in self._values if len(path) > size and path[:size] == at.found}
        return sorted(number for number in numbers if isinstance(number, int))


def _nothing(spec: FieldSpec) -> dict[str, None]:
    return dict.fromkeys(field.name for field in spec.fields)


def _accepted(gold: object) -> tuple[Gold, ...]:
    options = gold if isinstance(gold, list) else [gold]
    return tuple(option for option in options if isinstance(option, str | int | float) and option != "")
