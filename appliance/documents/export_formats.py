"""Finished documents as JSON, CSV and XLSX. A cell never becomes a formula, whatever a document says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from appliance.documents.stored_values import path_text, regions_json
from appliance.review.queries import CurrentValue
from appliance.spreadsheets import harmless, may_run
from extraction.schema import Kind

MOST_CHARACTERS = 32_767
"""What a cell of XLSX holds."""
HEADINGS = (
    "document",
    "file",
    "type",
    "field",
    "label",
    "value",
    "raw",
    "rule",
    "page",
    "left",
    "top",
    "right",
    "bottom",
    "confidence",
    "status",
    "decided by",
    "decided at",
)


@dataclass(frozen=True)
class FinishedDocument:
    """What an export says about one document. `about` is what stands above its values."""

    id: str
    untrusted_name: str
    type_name: str
    about: dict[str, Any]
    digests: dict[str, str]
    values: tuple[CurrentValue, ...]

    @property
    def fields(self) -> Iterator[CurrentValue]:
        """A list without rows is a place to add one, not a value."""
        return (value for value in self.values if value.kind is not Kind.LIST)


def as_json(documents: Sequence[FinishedDocument]) -> bytes:
    told = [
        {**document.about, "fields": [_field(value) for value in document.fields], "digests": document.digests}
        for document in documents
    ]
    return json.dumps({"documents": told}, ensure_ascii=False, indent=2).encode()


def as_csv(documents: Sequence[FinishedDocument]) -> bytes:
    """One line a value. UTF-8 with a mark at its start, or spreadsheets take it for something else."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    for document in documents:
        writer.writerows([_harmless(cell) for cell in row] for row in _rows(document))
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_xlsx(documents: Sequence[FinishedDocument]) -> bytes:
    """A sheet with one line a document, and one with every value and where it stands."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        looks = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        summary, details = (_Sheet(book.add_worksheet(name), *looks) for name in ("Documents", "Values"))
        names = list(dict.fromkeys(path_text(v.path) for d in documents for v in d.fields))
        summary.write(0, ["file", "type", *names], summary.bold)
        for row, document in enumerate(documents, start=1):
            found = {path_text(value.path): value for value in document.fields}
            shown = [_typed(found[name]) if name in found else "" for name in names]
            summary.write(row, [document.untrusted_name, document.type_name, *shown])
        details.write(0, HEADINGS, details.bold)
        for row, cells in enumerate((cells for document in documents for cells in _rows(document)), start=1):
            details.write(row, cells)
        for sheet in (summary, details):
            sheet.sheet.freeze_panes(1, 0)
    return stream.getvalue()


FORMATS: dict[str, tuple[Callable[[Sequence[FinishedDocument]], bytes], str]] = {
    "json": (as_json, "application/json"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _harmless(cell: object) -> object:
    return harmless(cell) if isinstance(cell, str) else cell


def _field(value: CurrentValue) -> dict[str, Any]:
    regions = regions_json(value.regions)
    return {
        "field": path_text(value.path),
        "label": value.where,
        "value": _shown(value),
        "raw": value.raw,
        "rule": value.rule,
        "page": regions[0][0] if regions else None,
        "box": regions[0][1:] if regions else None,
        "regions": regions,
        "confidence": round(value.confidence, 4),
        "status": str(value.status),
        "decided_by": value.decided_by,
        "decided_at": value.decided_at.isoformat() if value.decided_at else None,
    }


def _shown(value: CurrentValue) -> str | None:
    return value.normal or value.raw


def _rows(document: FinishedDocument) -> Iterator[list[object]]:
    for value in document.fields:
        told = _field(value)
        box = told["box"] or [None] * 4
        yield [
            document.id,
            document.untrusted_name,
            document.type_name,
            *(told[name] for name in ("field", "label", "value", "raw", "rule", "page")),
            *box,
            *(told[name] for name in ("confidence", "status", "decided_by", "decided_at")),
        ]


def _typed(value: CurrentValue) -> object:
    """Amounts and numbers as numbers, so that a sheet can add them up."""
    shown = _shown(value)
    if value.kind not in (Kind.AMOUNT, Kind.NUMBER) or not value.normal:
        return shown
    try:
        return float(Decimal(value.normal))
    except InvalidOperation:
        return shown


@dataclass(frozen=True)
class _Sheet:
    """A sheet and how its cells look. `quoted` keeps a text a text, also when somebody edits the cell."""

    sheet: Worksheet
    bold: Any
    quoted: Any

    def write(self, row: int, cells: Sequence[object], form: Any = None) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, int | float):
                self.sheet.write_number(row, column, cell, form)
            elif cell is not None:
                text = str(cell)[:MOST_CHARACTERS]
                self.sheet.write_string(row, column, text, self.quoted if may_run(text) else form)
