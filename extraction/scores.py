"""Counts of right, wrong and missed values, per field, for one document against its labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extraction.compare import Gold, is_exact, is_lenient
from extraction.records import FieldValue, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

_Equal = Callable[[FieldValue, Gold, FieldSpec], bool]
_ANY = "any of them"
"""A repeated field whose description says so is right when one of the labelled spans was found."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Values that were right, that were wrong or should not be there, and that were missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """Counts by field name; a list's columns are named "list.column"."""

    lenient: Mapping[str, Counts]
    exact: Mapping[str, Counts]


def score_document(
    values: Sequence[FieldValue], gold: Mapping[str, object], document_type: DocumentTypeSpec
) -> DocumentScore:
    """Scores the fields that `gold` names. A gold of null, "" or [] means absent: any value there is wrong."""

    def lenient(value: FieldValue, wanted: Gold, spec: FieldSpec) -> bool:
        return is_lenient(value, wanted, spec, document_type)

    def exact(value: FieldValue, wanted: Gold, spec: FieldSpec) -> bool:
        return is_exact(value, wanted)

    by_path = {value.path: value for value in values}
    found = [_total(_group(by_path, gold, document_type.fields, (), equal)) for equal in (lenient, exact)]
    return DocumentScore(*found)


_Counted = Iterator[tuple[str, Counts]]
_Values = Mapping[ValuePath, FieldValue]


def _group(values: _Values, gold: object, fields: Sequence[FieldSpec], base: ValuePath, equal: _Equal) -> _Counted:
    labelled = gold if isinstance(gold, Mapping) else {}
    for spec in fields:
        if spec.name in labelled:
            yield from _field(values, labelled[spec.name], spec, (*base, spec.name), equal)


def _field(values: _Values, gold: object, spec: FieldSpec, path: ValuePath, equal: _Equal) -> _Counted:
    name = ".".join(part for part in path if isinstance(part, str))
    if spec.kind is Kind.GROUP:
        yield from _group(values, gold or dict.fromkeys(s.name for s in spec.fields), spec.fields, path, equal)
    elif spec.kind is Kind.LIST:
        yield from _rows(values, gold, spec, path, equal)
    elif spec.many and _ANY not in spec.description:
        found = [value for row in _row_numbers(values, path) if (value := values[(*path, row)]).raw is not None]
        yield name, _multiset(found, _accepted(gold), spec, equal)
    elif spec.many:
        yield name, _any([values[(*path, row)] for row in _row_numbers(values, path)], _accepted(gold), spec, equal)
    else:
        yield name, _any([values[path]] if path in values else [], _accepted(gold), spec, equal)


def _any(found: Sequence[FieldValue], accepted: Sequence[Gold], spec: FieldSpec, equal: _Equal) -> Counts:
    """One value is wanted; each of `accepted` will do."""
    given = [value for value in found if value.raw is not None]
    right = sum(any(equal(value, gold, spec) for gold in accepted) for value in given)
    return Counts(min(right, 1), len(given) - right, int(bool(accepted) and not right))


def _multiset(found: Sequence[FieldValue], wanted: Sequence[Gold], spec: FieldSpec, equal: _Equal) -> Counts:
    left = list(wanted)
    for value in found:
        twin = next((i for i, gold in enumerate(left) if equal(value, gold, spec)), None)
        if twin is not None:
            left.pop(twin)
    right = len(wanted) - len(left)
    return Counts(right, len(found) - right, len(left))


def _rows(values: _Values, gold: object, spec: FieldSpec, path: ValuePath, equal: _Equal) -> _Counted:
    """Each labelled row takes the free row that agrees with it most; rows without a partner are wrong or missed."""
    free = _row_numbers(values, path)
    nothing = dict.fromkeys(s.name for s in spec.fields)
    for row in gold if isinstance(gold, list) else []:
        scored = [(_total(_group(values, row, spec.fields, (*path, n), equal)), n) for n in free]
        best = max(scored, key=lambda entry: sum(c.right for c in entry[0].values()), default=None)
        if best is None:
            yield from _group({}, row, spec.fields, path, equal)
        else:
            free.remove(best[1])
            yield from best[0].items()
    for number in free:
        yield from _group(values, nothing, spec.fields, (*path, number), equal)


def _accepted(gold: object) -> list[Gold]:
    options = gold if isinstance(gold, list) else [gold]
    return [option for option in options if isinstance(option, str | int | float) and option != ""]


def _row_numbers(values: _Values, path: ValuePath) -> list[int]:
    size = len(path)
    numbers = {key[size] for key in values if len(key) > size and key[:size] == path}
    return sorted(number for number in numbers if isinstance(number, int))


def _total(counted: _Counted) -> dict[str, Counts]:
    totals: defaultdict[str, Counts] = defaultdict(Counts)
    for name, counts in counted:
        totals[name] += counts
    return dict(totals)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
