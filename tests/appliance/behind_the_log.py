"""Rows changed without a record, as somebody does who is at the database: values that are encrypted keep their form."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet


def overwrite(rows: QuerySet[Any], **values: Any) -> None:
    for row in rows:
        _set(row, values)


def _set(row: Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
