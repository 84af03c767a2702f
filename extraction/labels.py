"""Labelled documents: one JSON object a line.

    {"id": "r1", "text": "...", "fields": {"total": "12.50", "date": null}}
    {"id": "r2", "file": "scans/r2.png", "fields": {...}, "visible": {"total": true, "iban": false}}

The document is `text`, or the first that is given of `text_file`, `file`, `image_file`. `visible` names what is
printed: only that is scored; a list there replaces the labelled list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from extraction.errors import LabelsError

_FILE_KEYS = ("text_file", "file", "image_file")


@dataclass(frozen=True, slots=True)
class Label:
    """`text` or `path` holds the document. `fields` are those to score, by name."""

    id: str
    text: str | None
    path: Path | None
    fields: Mapping[str, object]


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


def _label(line: str, number: int, folder: Path) -> Label:
    try:
        record = json.loads(line)
    except ValueError as error:
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
    )


def _scored(fields: Mapping[str, object], visible: object) -> dict[str, object]:
    if not isinstance(visible, Mapping):
        return dict(fields)
    kept = {name: gold for name, gold in fields.items() if visible.get(name, True)}
    return {name: visible[name] if isinstance(visible.get(name), list) else gold for name, gold in kept.items()}
