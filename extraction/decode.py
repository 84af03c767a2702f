"""Walks the bytes of an answer along the document type: which value stands where, and how sure the model was of it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.language_model import Choice, Generation
from extraction.records import ValuePath
from extraction.schema import FieldSpec, Kind

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_CLOSED = re.compile(rb"null|true|false")


@dataclass(frozen=True, slots=True)
class Certainty:
    """Shares of 1. `confidence`: of the whole value. `decided` and `runner_up`: of the token that was least sure and of
    the next best one in its place."""

    confidence: float
    decided: float = 1.0
    runner_up: float = 0.0


@dataclass(frozen=True, slots=True)
class RawValue:
    """A value as the model wrote it. `is_cut` says that the answer ended before this field."""

    path: ValuePath
    spec: FieldSpec
    raw: str | None
    certainty: Certainty
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer gives. `rest`: the fields to ask again when it was cut off; never all that were asked."""

    values: tuple[RawValue, ...]
    rest: tuple[FieldSpec, ...] = ()


class _Cut(Exception):
    """The answer ends here."""


@dataclass(slots=True)
class _Reader:
    """`at` is the field that is being read."""

    answer: bytes
    choices: tuple[Choice, ...]
    position: int = 0
    at: ValuePath = ()

    def take(self, literal: bytes) -> None:
        if not self.accept(literal):
            raise _Cut

    def accept(self, literal: bytes) -> bool:
        found = self.answer.startswith(literal, self.position)
        self.position += len(literal) if found else 0
        return found

    def scalar(self) -> tuple[str | None, Certainty]:
        """The string or closed word at this place; null is None, booleans keep their JSON names."""
        match = (_STRING if self.answer[self.position : self.position + 1] == b'"' else _CLOSED).match(
            self.answer, self.position
        )
        if match is None:
            raise _Cut
        self.position = match.end()
        text = match[0]
        value = json.loads(text) if text.startswith(b'"') else None if text == b"null" else text.decode()
        return value, certainty(self.choices, match.start(), match.end())


def certainty(choices: Sequence[Choice], start: int, end: int) -> Certainty:
    """Of the bytes [start, end): the product over all choices made in them."""
    within = [choice for choice in choices if choice.start < end and choice.end > start]
    if not within:
        return Certainty(1.0)
    weakest = min(within, key=lambda choice: choice.probability)
    confidence = math.prod(choice.probability for choice in within)
    return Certainty(confidence, decided=weakest.probability, runner_up=weakest.runner_up)


def read_answer(generation: Generation, fields: Sequence[FieldSpec]) -> Answer:
    """All values in the order of the schema. An answer that was cut off gives what is complete; the others are None."""
    reader = _Reader(generation.answer, generation.choices)
    values: list[RawValue] = []
    try:
        _read_group(reader, fields, (), values)
    except _Cut:
        seen = {value.path for value in values}
        values += [value for value in absent_values(fields) if value.path not in seen]
        return Answer(tuple(values), tuple(_behind(fields, reader.at, is_first=True)))
    return Answer(tuple(values))


def _behind(fields: Sequence[FieldSpec], at: ValuePath, *, is_first: bool) -> Iterator[FieldSpec]:
    """The field where the answer ended and all behind it. Not again: a list, whose rows are what ran away, and the
    field that the answer began with, or the questions would never end."""
    place = next((index for index, spec in enumerate(fields) if at and spec.name == at[0]), len(fields))
    for index, spec in enumerate(fields[place:], start=place):
        if index > place:
            yield spec
        elif spec.kind is Kind.GROUP:
            inner = tuple(_behind(spec.fields, at[1:], is_first=is_first and place == 0))
            if inner:
                yield spec.model_copy(update={"fields": inner})
        elif not (spec.many or spec.kind is Kind.LIST or (is_first and place == 0)):
            yield spec


def absent_values(fields: Sequence[FieldSpec], base: ValuePath = ()) -> Iterator[RawValue]:
    """A value of None for each single field; lists are empty."""
    for spec in fields:
        path = (*base, spec.name)
        if spec.kind is Kind.GROUP:
            yield from absent_values(spec.fields, path)
        elif not (spec.many or spec.kind is Kind.LIST):
            yield RawValue(path, spec, None, Certainty(0.0), is_cut=True)


def _read_group(reader: _Reader, fields: Sequence[FieldSpec], base: ValuePath, into: list[RawValue]) -> None:
    for index, spec in enumerate(fields):
        reader.at = (*base, spec.name)
        reader.take(b"%s%s:" % (b"," if index else b"{", json.dumps(spec.name).encode()))
        _read_field(reader, spec, (*base, spec.name), into)
    reader.take(b"}")


def _read_field(reader: _Reader, spec: FieldSpec, path: ValuePath, into: list[RawValue]) -> None:
    if spec.kind is Kind.GROUP:
        _read_group(reader, spec.fields, path, into)
    elif spec.many or spec.kind is Kind.LIST:
        _read_rows(reader, spec, path, into)
    else:
        into.append(RawValue(path, spec, *reader.scalar()))


def _read_rows(reader: _Reader, spec: FieldSpec, path: ValuePath, into: list[RawValue]) -> None:
    """A row that was cut off is left out as a whole."""
    reader.take(b"[")
    if reader.accept(b"]"):
        return
    number = 0
    while True:
        row: list[RawValue] = []
        if spec.many:
            row.append(RawValue((*path, number), spec, *reader.scalar()))
        else:
            _read_group(reader, spec.fields, (*path, number), row)
        into += row
        number += 1
        if reader.accept(b"]"):
            return
        reader.take(b",")
