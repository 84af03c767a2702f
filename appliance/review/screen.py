"""What the review screen shows: the values laid out as the schema groups them, in words and icons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.documents.stored_values import path_text
from appliance.review.queries import CurrentValue, Review, Status
from extraction.records import ValuePath
from extraction.schema import FieldSpec, Kind


@dataclass(frozen=True, slots=True)
class Look:
    """A state as a word, an icon of icons.svg and the CSS class that colours it."""

    word: str
    icon: str
    css: str


_LOOKS = {
    Status.UNCHECKED: Look("fine", "check", "quiet"),
    Status.TO_CHECK: Look("check", "look", "look"),
    Status.CONFIRMED: Look("confirmed", "check-double", "fine"),
    Status.CORRECTED: Look("corrected", "pencil", "fine"),
    Status.ABSENT: Look("not in document", "absent", "fine"),
    Status.EMPTY: Look("left empty", "minus", "fine"),
}
_BROKEN = Look("rule broken", "flag", "broken")
_NOT_FOUND = Look("not found", "absent", "quiet")


@dataclass(frozen=True)
class Shown:
    """One value on the screen."""

    value: CurrentValue
    spec: FieldSpec

    @property
    def path(self) -> str:
        return path_text(self.value.path)

    @property
    def element_id(self) -> str:
        return "f-" + self.path.replace("[", "-").replace("]", "").replace(".", "-")

    @property
    def text(self) -> str:
        return self.value.normal or self.value.raw or ""

    @property
    def look(self) -> Look:
        if self.value.broken_rules:
            return _BROKEN
        if self.value.status is Status.UNCHECKED and self.value.raw is None:
            return _NOT_FOUND
        return _LOOKS[self.value.status]

    @property
    def is_raw_different(self) -> bool:
        return bool(self.value.raw) and self.value.raw != self.text

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        if self.spec.kind is Kind.BOOLEAN:
            return (("true", "yes"), ("false", "no"))
        return tuple((option, option) for option in self.spec.options)

    @property
    def is_open(self) -> bool:
        return self.value.status is Status.TO_CHECK

    @property
    def is_list(self) -> bool:
        return self.value.kind is Kind.LIST

    @property
    def percent(self) -> int:
        return round(self.value.confidence * 100)

    @property
    def is_number(self) -> bool:
        return self.spec.kind in (Kind.AMOUNT, Kind.NUMBER)


@dataclass(frozen=True)
class Row:
    """A row of a table; each cell holds its values (more than one where a column is itself a list)."""

    path: str
    position: int
    cells: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of the form: a table has `columns` and `rows`, anything else `fields`; lists have their `list_path`."""

    key: str
    title: str
    fields: tuple[Shown, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    list_path: str = ""
    empty: Shown | None = None

    @property
    def shown(self) -> tuple[Shown, ...]:
        in_rows = (shown for row in self.rows for cell in row.cells for shown in cell)
        return (*self.fields, *in_rows, *((self.empty,) if self.empty else ()))

    @property
    def left(self) -> int:
        return sum(shown.is_open for shown in self.shown)


def sections(review: Review) -> tuple[Section, ...]:
    """The form from top to bottom: single fields together, each group, list and table by itself."""
    return tuple(_sections(review, review.spec.fields, (), ""))


def _sections(review: Review, fields: Sequence[FieldSpec], base: ValuePath, title: str) -> Iterator[Section]:
    singles: list[Shown] = []
    first = True
    for spec in fields:
        path = (*base, spec.name)
        is_own = spec.kind.has_fields or spec.many
        if not is_own:
            singles += _shown(review, path, spec)
            continue
        if singles:
            yield _singles(singles, title if first else "")
            singles, first = [], False
        yield from _own_sections(review, spec, path, title)
    if singles:
        yield _singles(singles, title if first else "")


def _singles(shown: Sequence[Shown], title: str) -> Section:
    return Section(shown[0].path, title, tuple(shown))


def _own_sections(review: Review, spec: FieldSpec, path: ValuePath, title: str) -> Iterator[Section]:
    name = f"{title}, {spec.title}" if title else spec.title
    if spec.kind is Kind.GROUP:
        yield from _sections(review, spec.fields, path, name)
    elif spec.kind is Kind.LIST:
        yield _table(review, spec, path, name)
    else:
        shown = _under(review, path, spec)
        empty = next((item for item in shown if item.is_list), None)
        yield Section(path_text(path), name, () if empty else shown, list_path=path_text(path), empty=empty)


def _table(review: Review, spec: FieldSpec, path: ValuePath, title: str) -> Section:
    rows = tuple(
        Row(
            path_text((*path, number)),
            position,
            tuple(_under(review, (*path, number, column.name), column) for column in spec.fields),
        )
        for position, number in enumerate(review.rows.of(path), start=1)
    )
    empty = None if rows else next(iter(_shown(review, path, spec)), None)
    columns = tuple(column.title for column in spec.fields)
    return Section(path_text(path), title, (), columns, rows, path_text(path), empty)


def _shown(review: Review, path: ValuePath, spec: FieldSpec) -> list[Shown]:
    value = review.value(path)
    return [Shown(value, spec)] if value is not None else []


def _under(review: Review, path: ValuePath, spec: FieldSpec) -> tuple[Shown, ...]:
    """All values at or below this path; fields of a nested group keep their own options."""
    return tuple(
        Shown(value, _spec_below(spec, value.path[len(path) :]))
        for value in review.values
        if value.path[: len(path)] == path
    )


def _spec_below(spec: FieldSpec, path: ValuePath) -> FieldSpec:
    for name in (part for part in path if isinstance(part, str)):
        spec = next(inner for inner in spec.fields if inner.name == name)
    return spec


def boxes(review: Review) -> list[dict[str, Any]]:
    """One entry for each region of each value: {path, page, box: [left, top, right, bottom], state, label}."""
    return [
        {
            "path": path_text(value.path),
            "page": region.page,
            "box": [region.box.left, region.box.top, region.box.right, region.box.bottom],
            "state": "broken" if value.broken_rules else str(value.status),
            "label": f"{value.where}: {value.normal or value.raw}",
        }
        for value in review.values
        for region in value.regions
    ]
