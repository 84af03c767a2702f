"""Paths through the rows of lists: ("items", 3, "amount") is in the list ("items",), row 3, column ("amount",)."""

from __future__ import annotations

from extraction.records import ValuePath


def list_path(path: ValuePath) -> ValuePath | None:
    """The outermost list that holds the value; None for a single field."""
    at = _row_at(path)
    return None if at is None else path[:at]


def row_path(path: ValuePath) -> ValuePath | None:
    """The row of the outermost list; None for a single field."""
    at = _row_at(path)
    return None if at is None else path[: at + 1]


def column(path: ValuePath) -> ValuePath:
    """What stands behind the row's number; empty for a list of plain values."""
    at = _row_at(path)
    return path if at is None else path[at + 1 :]


def _row_at(path: ValuePath) -> int | None:
    return next((index for index, part in enumerate(path) if isinstance(part, int)), None)
