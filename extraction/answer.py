"""The values of an extraction as a plain nested dict, and back to paths. Export, evaluation and review all use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from extraction.records import FieldValue, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

Plain = str | bool | None | list["Plain"] | dict[str, "Plain"]
Form = Literal["raw", "normal"]


def nested(values: Sequence[FieldValue], document_type: DocumentTypeSpec, form: Form = "raw") -> dict[str, Plain]:
    """All fields in the order of the schema; absent ones are null, lists without rows are empty.

    "raw" gives what is printed. "normal" gives the normal forms; null where no rule could derive one.
    """
    return _group({value.path: value for value in values}, document_type.fields, (), form)


def flat(answer: Mapping[str, Plain]) -> dict[ValuePath, str | bool | None]:
    """Every single value of an answer by its path."""
    return dict(_walk(dict(answer), ()))


def _group(
    values: Mapping[ValuePath, FieldValue], fields: Sequence[FieldSpec], base: ValuePath, form: Form
) -> dict[str, Plain]:
    return {spec.name: _field(values, spec, (*base, spec.name), form) for spec in fields}


def _field(values: Mapping[ValuePath, FieldValue], spec: FieldSpec, path: ValuePath, form: Form) -> Plain:
    if spec.kind is Kind.GROUP:
        return _group(values, spec.fields, path, form)
    if spec.kind is Kind.LIST:
        return [_group(values, spec.fields, (*path, row), form) for row in _rows(values, path)]
    if spec.many:
        return [_single(values.get((*path, row)), spec, form) for row in _rows(values, path)]
    return _single(values.get(path), spec, form)


def _single(value: FieldValue | None, spec: FieldSpec, form: Form) -> str | bool | None:
    if value is None or value.raw is None:
        return None
    if spec.kind is Kind.BOOLEAN:
        return value.raw == "true"
    if form == "raw":
        return value.raw
    return value.reading.normal if value.reading else None


def _rows(values: Mapping[ValuePath, FieldValue], path: ValuePath) -> list[int]:
    size = len(path)
    numbers = {key[size] for key in values if len(key) > size and key[:size] == path}
    return sorted(number for number in numbers if isinstance(number, int))


def _walk(node: Plain, path: ValuePath) -> Iterator[tuple[ValuePath, str | bool | None]]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _walk(child, (*path, name))
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from _walk(child, (*path, number))
    else:
        yield path, node
