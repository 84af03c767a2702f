"""Labelled documents: one JSON object a line.

    {"id": "r1", "text": "...", "fields": {"total": "12.50", "date": null}, "spans": {"total": [31, 36]}}
    {"id": "r2", "file": "scans/r2.png", "fields": {...}, "visible": {"total": true, "iban": false}}

The document is `text`, or the first that is given of `text_file`, `file`, `image_file`. `visible` names what is
printed: only that is scored; a list there replaces the labelled list.

May be given as well: `spans`, where values stand, [start, end) in the words of the document joined by one blank, by
path ("seller.name", "line_items[0].amount"); `weight`, how much the document teaches, above 0 and at most 1; `sender`;
`original`, the SHA-256 of the file that the text is from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from extraction.errors import LabelsError
from extraction.records import Span, ValuePath

_FILE_KEYS = ("text_file", "file", "image_file")


@dataclass(frozen=True, slots=True)
class Label:
    """`text` or `path` holds the document. `fields` are those to score, by name; `spans` by path, as `path_text` says
    it. `sender` and `original` are empty where the line does not say."""

    id: str
    text: str | None
    path: Path | None
    fields: Mapping[str, object]
    spans: Mapping[str, Span] = field(default_factory=dict)
    weight: float = 1.0
    sender: str = ""
    original: str = ""


def read_labels(lines: Iterable[str], folder: Path, *, limit: int | None = None) -> tuple[Label, ...]:
    """Files are relative to `folder`. Raises LabelsError with the number of the first bad line."""
    labels: list[Label] = []
    for number, line in enumerate(lines, start=1):
        if limit is not None and len(labels) >= limit:
            break
        if line.strip():
            labels.append(_label(line, number, folder))
    if not labels:
        raise LabelsError("there is no labelled document")
    return tuple(labels)


def path_text(path: ValuePath) -> str:
    """("line_items", 0, "amount") -> "line_items[0].amount"."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _label(line: str, number: int, folder: Path) -> Label:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LabelsError(f"line {number}: not JSON: {error}") from error
    if not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
        raise LabelsError(f"line {number}: an object with fields is needed")
    text = record.get("text")
    name = next((record[key] for key in _FILE_KEYS if record.get(key)), None)
    if not isinstance(text, str) and not isinstance(name, str):
        raise LabelsError(f"line {number}: text or file is needed")
    return Label(
        id=str(record.get("id", number)),
        text=text if isinstance(text, str) else None,
        path=None if isinstance(text, str) else folder / str(name),
        fields=_scored(record["fields"], record.get("visible")),
        spans=_spans(record.get("spans"), number),
        weight=_weight(record.get("weight", 1.0), number),
        sender=str(record.get("sender") or ""),
        original=str(record.get("original") or ""),
    )


def _scored(fields: Mapping[str, object], visible: object) -> dict[str, object]:
    if not isinstance(visible, Mapping):
        return dict(fields)
    kept = {name: gold for name, gold in fields.items() if visible.get(name, True)}
    return {name: visible[name] if isinstance(visible.get(name), list) else gold for name, gold in kept.items()}


def _spans(given: object, number: int) -> dict[str, Span]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise LabelsError(f"line {number}: spans is an object of paths")
    return {path: _span(pair, number) for path, pair in given.items() if pair is not None}


def _span(pair: object, number: int) -> Span:
    match pair:
        case [int(start), int(end)] if 0 <= start < end:
            return Span(start, end)
        case _:
            raise LabelsError(f"line {number}: a span is [start, end)")


def _weight(given: object, number: int) -> float:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not 0 < given <= 1:  # type: ignore[operator]
        raise LabelsError(f"line {number}: weight is a number above 0 and at most 1")
    return float(given)  # type: ignore[arg-type]
