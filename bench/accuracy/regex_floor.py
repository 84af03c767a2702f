"""The floor: plain regular expressions written for each set, as a competent engineer would in an hour.

`patterns.toml` has a table for each set. An entry is a list of expressions, tried in order: the first group of the
first match is the value (the whole match where there is no group). A list of values or rows is `{within, each}`: `each`
is looked for everywhere inside the first match of `within`; its named groups are the columns of a row.
Fields without an entry fall back to the table `any`, by the words of their names, and then to their name as a label.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from extraction.compare import letters_and_digits
from extraction.normalise import normalise
from extraction.records import FieldValue, ReadDocument, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

_FILE = Path(__file__).with_name("patterns.toml")
_EVERYWHERE = [r"(?s)\A(.*)\Z"]
_ANY = "any"
Entry = Sequence[str] | Mapping[str, Any]


class RegexFloor:
    """Answers with the patterns of one table."""

    def __init__(self, table: str) -> None:
        self._entries: Mapping[str, Entry] = _tables().get(table, {}) if table != _ANY else {}

    def __call__(self, document: ReadDocument, document_type: DocumentTypeSpec) -> list[FieldValue]:
        text = "\n".join(page.text for page in document.pages)
        return list(self._group(text, document_type.fields, (), document_type))

    def _group(
        self, text: str, fields: Sequence[FieldSpec], base: ValuePath, document_type: DocumentTypeSpec
    ) -> Iterator[FieldValue]:
        for spec in fields:
            path = (*base, spec.name)
            entry = self._entries.get(".".join(map(str, path))) or _by_name(spec)
            if spec.kind is Kind.GROUP:
                yield from self._group(text, spec.fields, path, document_type)
            elif spec.kind is Kind.LIST:
                yield from _rows(text, entry, spec, path, document_type)
            elif spec.many:
                found = [match.group(match.lastindex or 0) for match in _items(text, entry)]
                yield from (_value(raw, spec, (*path, row), document_type) for row, raw in enumerate(found))
            else:
                yield _value(_first(text, _expressions(entry)), spec, path, document_type)


def _rows(
    text: str, entry: Entry, spec: FieldSpec, path: ValuePath, document_type: DocumentTypeSpec
) -> Iterator[FieldValue]:
    for row, match in enumerate(_items(text, entry)):
        cells = match.groupdict()
        for column in spec.fields:
            if column.kind.is_span and not column.many:
                yield _value(cells.get(column.name), column, (*path, row, column.name), document_type)


def _items(text: str, entry: Entry) -> list[re.Match[str]]:
    if not isinstance(entry, Mapping):
        return []
    block = _first(text, entry.get("within", _EVERYWHERE))
    return list(_compiled(entry["each"]).finditer(block or ""))


def _first(text: str, expressions: Sequence[str]) -> str | None:
    matches = (_compiled(expression).search(text) for expression in expressions)
    return next((match.group(match.lastindex or 0) for match in matches if match), None)


def _expressions(entry: Entry) -> Sequence[str]:
    return [] if isinstance(entry, Mapping) else entry


def _value(raw: str | None, spec: FieldSpec, path: ValuePath, document_type: DocumentTypeSpec) -> FieldValue:
    text = " ".join((raw or "").split()) or None
    if text and spec.options:
        text = next((o for o in spec.options if letters_and_digits(o) == letters_and_digits(text)), None)
    readings = normalise(spec, text, document_type) if text else ()
    return FieldValue(path, text, reading=readings[0] if readings else None)


def _by_name(spec: FieldSpec) -> Entry:
    """What the name of a field suggests."""
    name = spec.name.casefold()
    guesses = (expressions for words, expressions in _tables()[_ANY].items() if re.search(words, name))
    label = r"[\s_.-]*".join(map(re.escape, re.split(r"[^a-z0-9]+", name)))
    as_label = rf"(?im)\b{label}\b\W{{0,4}}(\S.*?)(?:  |$)"
    return [as_label, *next(guesses, [])]


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
