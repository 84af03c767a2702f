"""Reading the log is an act too: these write down who looked at what."""

from __future__ import annotations

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.filters import LogFilter
from appliance.audit.models import AuditEvent
from appliance.audit.queries import matching, newest_id
from appliance.audit.record import Subject, record
from appliance.documents.models import Document


@transaction.atomic
def note_log_viewed(*, chosen: LogFilter) -> None:
    record(Action.LOG_VIEWED, subject=Subject("log"), reason=chosen.words)


@transaction.atomic
def note_log_read(*, what: str) -> None:
    """Another page about the log, or a small piece of it taken away."""
    record(Action.LOG_VIEWED, subject=Subject("log"), reason=what)


@transaction.atomic
def note_log_exported(*, what: str, event: AuditEvent | None = None) -> None:
    """Records of the log leave the box; before their first byte does."""
    record(Action.LOG_EXPORTED, subject=Subject("log", str(event.event_id) if event else ""), reason=what)


@transaction.atomic
def note_event_viewed(*, event: AuditEvent) -> None:
    record(Action.LOG_VIEWED, subject=Subject("log", str(event.event_id)), reason="one entry")


@transaction.atomic
def note_timeline_viewed(*, document: Document) -> None:
    record(Action.TIMELINE_VIEWED, subject=Subject("document", str(document.pk), document.version))


@transaction.atomic
def note_evidence_viewed(*, document: Document, path: str) -> None:
    subject = Subject("document", str(document.pk), document.version)
    record(Action.DOCUMENT_VIEWED, subject=subject, reason=f"the place of {path} on the page")


@transaction.atomic
def begin_export(*, chosen: LogFilter, document_ids: list[str], file_format: str) -> int:
    """Record an export before its first byte leaves; returns the id of the last event that belongs to it.

    The record itself comes after that event, so an export never holds itself.
    """
    until_id = newest_id()
    count = matching(chosen, document_ids=document_ids, until_id=until_id).count()
    record(Action.LOG_EXPORTED, subject=Subject("log"), reason=f"{count} entries as {file_format}: {chosen.words}")
    return until_id
