"""A file of labels -> its lines. Three formats, told apart by their first line:

    {"text": "...", "fields": {...}, "spans": {...}, "sender": "..."}                          our own, JSON lines
    {"messages": [{"role": "user", "content": "<text>"}, {"role": "assistant", "content": "<JSON>"}]}   chat messages
    text,total,date                                                                            CSV: text and fields

Fields that a line does not name are not asked; null, and an empty cell, say that the document does not hold them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from appliance.retraining.datasets.answers import with_value
from appliance.retraining.datasets.errors import FileTooLarge, FileUnreadable

MAX_BYTES = 16 * 1024 * 1024
MAX_LINES = 20_000
MAX_TEXT = 400_000
"""Characters of one document: some hundred pages."""
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Brought:
    """One line as it says it; nothing of it is checked against the type or the text yet."""

    untrusted_text: str
    untrusted_fields: Mapping[str, Any]
    untrusted_spans: Mapping[str, Any] = field(default_factory=dict)
    untrusted_sender: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """`sentence` says what is wrong with it."""

    number: int
    sentence: str


Line = tuple[int, Brought | BadLine]


def read_lines(untrusted_content: bytes) -> Iterator[Line]:
    """Each line with its number, from 1. Raises FileTooLarge, and FileUnreadable where there is no line at all."""
    if len(untrusted_content) > MAX_BYTES:
        raise FileTooLarge
    try:
        text = untrusted_content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable("not UTF-8") from error
    if not text.strip():
        raise FileUnreadable("empty")
    return _json_lines(text) if text.lstrip().startswith("{") else _table(text)


def _json_lines(text: str) -> Iterator[Line]:
    # Only line feeds part lines: JSON may hold the other line breaks of Unicode as they are.
    numbered = ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
    for number, line in _limited(numbered):
        yield number, _from_json(number, line)


def _limited(lines: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    for count, line in enumerate(lines):
        if count >= MAX_LINES:
            raise FileTooLarge
        yield line


def _from_json(number: int, line: str) -> Brought | BadLine:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return BadLine(number, "This line is not JSON.")
    if isinstance(record, dict) and "messages" in record:
        return _from_messages(number, record["messages"])
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return BadLine(number, "An object with “text” and “fields” is needed; files that it names are not read.")
    return _brought(number, record["text"], record.get("fields"), record)


def _from_messages(number: int, messages: object) -> Brought | BadLine:
    said: dict[str, str] = {}
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict) and isinstance(message.get("content"), str):
            said[str(message.get("role"))] = message["content"]
    if not {"user", "assistant"} <= said.keys():
        return BadLine(number, "A message of the user with the text and one of the assistant with JSON are needed.")
    try:
        fields = json.loads(said["assistant"])
    except (ValueError, RecursionError):
        return BadLine(number, "What the assistant says is not JSON.")
    return _brought(number, said["user"], fields, {})


def _brought(number: int, text: str, fields: object, record: Mapping[str, Any]) -> Brought | BadLine:
    if len(text) > MAX_TEXT:
        return BadLine(number, f"Its text is longer than {MAX_TEXT:,} characters.")
    if not text.strip():
        return BadLine(number, "Its text is empty.")
    if not isinstance(fields, dict) or not fields:
        return BadLine(number, "Its fields are missing.")
    spans, sender = record.get("spans"), record.get("sender")
    return Brought(text, fields, spans if isinstance(spans, dict) else {}, sender if isinstance(sender, str) else "")


def _table(text: str) -> Iterator[Line]:
    """A spreadsheet saved as CSV, with commas, semicolons or tabs. A cell that begins with [ or { is read as JSON."""
    csv.field_size_limit(MAX_TEXT + 1)
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(rows)]
        if "text" not in names or len(set(names)) < len(names) or len(names) < 2:
            raise FileUnreadable("no column named text")
        for number, cells in _limited((rows.line_num, cells) for cells in rows if any(cells)):
            yield number, _from_cells(number, names, cells)
    except csv.Error as error:
        raise FileUnreadable(f"row {rows.line_num}: {error}") from error


def _from_cells(number: int, names: list[str], cells: list[str]) -> Brought | BadLine:
    if len(cells) != len(names):
        return BadLine(number, f"It has {len(cells)} cells, and the first row has {len(names)}.")
    row = dict(zip(names, cells, strict=True))
    text, sender = row.pop("text"), row.pop("sender", "")
    fields: dict[str, Any] = {}
    for name, cell in row.items():
        fields = with_value(fields, name, _cell(cell.strip()))
    return _brought(number, text, fields, {"sender": sender})


def _cell(text: str) -> object:
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text or None
