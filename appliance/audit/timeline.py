"""Everything that happened to one document: its events, with the decisions and runs that they speak of.

The log holds salted commitments, never values. What a clerk changed is read from the decisions, by the officer's right
to read documents, and held against the commitments: a value that was altered behind the log's back shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.audit.actions import Action
from appliance.audit.canonical import commitment
from appliance.audit.models import AuditEvent
from appliance.documents.models import Document, Extraction
from appliance.review.models import Decision

PAGE_SIZE = 200
ACCESSES = [action.value for action in Action if action.is_read]


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after. `is_proven`: all of it, spans and normal forms, is what the log committed to."""

    decision: Decision
    before: str
    after: str
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Entry:
    event: AuditEvent
    digests: Mapping[str, str] = field(default_factory=dict)
    change: Change | None = None
    is_lost: bool = False
    """A decision is in the log, but no stored row fits it."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Oldest first; `newer` is the `after` of the next page, None on the last one."""

    entries: list[Entry]
    newer: int | None


def timeline_page(document: Document, *, accesses: bool, after: int = 0) -> Timeline:
    """With `accesses` also who looked at the document, at its original and at this timeline."""
    events = AuditEvent.objects.filter(object_type="document", object_id=str(document.pk), pk__gt=after).order_by("pk")
    if not accesses:
        events = events.exclude(action__in=ACCESSES)
    found = list(events[: PAGE_SIZE + 1])
    by_commitment = _decisions_by_commitment(document)
    entries = [_entry(event, by_commitment) for event in found[:PAGE_SIZE]]
    return Timeline(entries, newer=found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None)


def entries_of(document: Document, *, at_most: int) -> list[Entry]:
    """The newest entries about the document, accesses too, oldest of them first."""
    events = AuditEvent.objects.filter(object_type="document", object_id=str(document.pk)).order_by("-pk")
    by_commitment = _decisions_by_commitment(document)
    return [_entry(event, by_commitment) for event in reversed(events[:at_most])]


def runs_of(document: Document) -> list[Extraction]:
    """Every run of a model over the document, the newest first, with its values."""
    return list(document.extractions.select_related("type_version__document_type").prefetch_related("values"))


def _entry(event: AuditEvent, by_commitment: Mapping[str, Decision]) -> Entry:
    record = json.loads(bytes(event.record))
    if event.action != Action.VALUE_DECIDED:
        return Entry(event, digests=record["digests"])
    committed = record["commitments"]
    decision = by_commitment.get(committed.get("after", ""))
    if decision is None:
        return Entry(event, digests=record["digests"], is_lost=True)
    return Entry(event, digests=record["digests"], change=_change(decision, committed))


def _change(decision: Decision, committed: Mapping[str, str]) -> Change:
    stored = {
        "before": decision.before_raw,
        "before_normal": decision.before_normal,
        "after": decision.raw,
        "after_normal": decision.normal,
    }
    return Change(
        decision,
        before=_shown(decision.before_raw, decision.before_normal),
        after=_shown(decision.raw, decision.normal),
        is_proven=all(committed.get(name) == commitment(value, decision.salt) for name, value in stored.items()),
    )


def _decisions_by_commitment(document: Document) -> dict[str, Decision]:
    decisions = Decision.objects.filter(document=document).select_related("decided_by")
    return {commitment(decision.raw, decision.salt): decision for decision in decisions}


def _shown(raw: str | None, normal: str) -> str:
    return "not in the document" if raw is None and not normal else normal or raw or "(empty)"
