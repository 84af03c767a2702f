"""The log as a file: JSONL of the stored canonical bytes, for verifiers; CSV, for people with a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC

from appliance.audit.models import AuditEvent
from appliance.spreadsheets import harmless

COLUMNS = (
    "number", "time_utc", "person", "role", "address", "action", "object_type", "object_id", "object_version",
    "outcome", "reason", "request_id", "event_id", "record_sha256",
)  # fmt: skip


def jsonl(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """One record a line, byte for byte as stored, so that its hash can be checked."""
    for event in events:
        yield bytes(event.record) + b"\n"


def as_csv(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    yield _line(COLUMNS)
    for event in events:
        yield _line(_cells(event))


FORMATS: dict[str, tuple[Callable[[Iterable[AuditEvent]], Iterator[bytes]], str]] = {
    "jsonl": (jsonl, "application/x-ndjson"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}


def _cells(event: AuditEvent) -> tuple[str, ...]:
    return (
        str(event.pk),
        event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.actor_role,
        event.address,
        event.action,
        event.object_type,
        event.object_id,
        str(event.object_version),
        event.outcome,
        event.reason,
        event.request_id,
        str(event.event_id),
        hashlib.sha256(bytes(event.record)).hexdigest(),
    )


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(harmless(cell) for cell in cells)
    return text.getvalue().encode()
