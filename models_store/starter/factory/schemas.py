"""What is asked of a document, and the true answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from extraction.schema import FieldSpec, Kind
from models_store.starter.factory.draft import Fact, Row, mark_of, resolve

Json = str | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a schema and the fact that answers it; None where the document holds no such thing.

    `column` is the concept of a cell, or of the one column that a list of values takes from rows. `parts` are the
    fields of a group or of rows. `options` is how the schema words the meanings of a closed field, where it words them
    in its own way.
    """

    spec: FieldSpec
    fact: Fact | None = None
    column: str = ""
    parts: tuple[Asked, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on the page: the marked values as they are there, and what those of closed cells mean."""

    values: Mapping[str, str]
    options: Mapping[str, str]


def answer(asked: Iterable[Asked], printed: Printed) -> dict[str, Json]:
    """The true answer."""
    return {one.spec.name: _answer_one(one, printed) for one in asked}


def _answer_one(one: Asked, printed: Printed) -> Json:
    """Null or nothing where the fact is missing; items and rows that are not on the page are left out."""
    if one.spec.kind is Kind.GROUP:
        return dict(answer(one.parts, printed))
    if one.fact is None:
        return [] if one.spec.many or one.spec.kind is Kind.LIST else None
    if isinstance(one.fact.value, str):
        texts = (resolve(marked, printed.values) for marked in one.fact.statements())
        return _meaning(one, next(filter(None, texts), None), one.fact.option)
    items = [_item(one, item, printed) for item in one.fact.value]
    return [item for item in items if item is not None]


def _item(one: Asked, item: str | Row, printed: Printed) -> Json:
    """A value of a list, or a row."""
    if isinstance(item, str):
        return resolve(item, printed.values)
    return _cell(one, item, printed) if one.column else _row(one, item, printed)


def _meaning(one: Asked, found: str | None, option: str) -> Json:
    """The text itself, or what it means in a closed field; None where it is not on the page."""
    if found is None or one.spec.kind.is_span:
        return found
    if one.spec.kind is Kind.BOOLEAN:
        return option == "true"
    return one.options.get(option, option)


def _cell(one: Asked, row: Row, printed: Printed) -> Json:
    marked = row.get(one.column, "")
    return _meaning(one, resolve(marked, printed.values), printed.options.get(mark_of(marked), "") if marked else "")


def _row(one: Asked, row: Row, printed: Printed) -> dict[str, Json] | None:
    """The cells that are on the page; None where none is."""
    cells = {part.spec.name: _cell(part, row, printed) for part in one.parts}
    return cells if any(cell is not None for cell in cells.values()) else None
