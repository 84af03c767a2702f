"""The only writer of the audit log.

`record` stands in the same transaction as the change it records: no action without record, no record without action.
"""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from appliance.audit.actions import Action, Outcome
from appliance.audit.canonical import Canonical, canonical_bytes
from appliance.audit.context import Actor, answer_waits_for, current_actor
from appliance.audit.key_files import KeysMissing, log_id
from appliance.audit.models import AuditEvent
from appliance.audit.own_connection import on_own_connection
from appliance.audit.staging import mac_of


class LogUnavailable(Exception):
    """An act cannot be recorded, so it must not happen: its transaction is rolled back.

    Deliberately no DatabaseError: code that expects one of its own must not swallow this one.
    """

    code = "log_unavailable"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act was done to. `version` is the object's version after the act."""

    type: str = ""
    id: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a record proves beyond who and what: digests by name, salted commitments of values by name."""

    digests: Mapping[str, str] | None = None
    commitments: Mapping[str, str] | None = None


NOTHING = Evidence()
_COLUMNS = tuple(str(field.column) for field in AuditEvent._meta.concrete_fields if not field.primary_key)
_INSERT_STAGED = (
    f"WITH event AS (INSERT INTO audit_auditevent ({', '.join(_COLUMNS)})"  # noqa: S608  names of our own columns
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))}) RETURNING id)"
    " INSERT INTO audit_stagedrecord (event_id, mac) SELECT id, %s FROM event RETURNING event_id"
)


def record(
    action: Action,
    *,
    subject: Subject = Subject(),
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    evidence: Evidence = NOTHING,
) -> AuditEvent:
    """Append one event and put it on its way into the signed tree.

    Raises RuntimeError outside of a transaction, because change and record stand or fall together, and LogUnavailable
    where nothing can be recorded.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record needs the transaction of the change that it records")
    try:
        event = _new_event(action, subject=subject, outcome=outcome, reason=reason, evidence=evidence)
        _insert_staged(event)
    except (DatabaseError, KeysMissing) as error:
        raise LogUnavailable(f"The act {action} could not be recorded: {error}") from error
    if action.is_sensitive:
        transaction.on_commit(lambda: answer_waits_for(event.pk))
    return event


def write_event(action: Action, *, subject: Subject, outcome: Outcome, reason: str, evidence: Evidence) -> AuditEvent:
    """The row alone. Only the sequencer, which puts the row into the tree itself, may call this instead of `record`."""
    event = _new_event(action, subject=subject, outcome=outcome, reason=reason, evidence=evidence)
    event.save(force_insert=True)
    return event


def _new_event(action: Action, *, subject: Subject, outcome: Outcome, reason: str, evidence: Evidence) -> AuditEvent:
    """Not in the database yet."""
    actor, event_id, now = current_actor(), uuid.uuid4(), time.time_ns() // 1000
    entry: dict[str, Canonical] = {
        "log_id": log_id(),
        "event_id": str(event_id),
        "time_us": now,
        "boot_id": boot_id(),
        "monotonic_ns": boot_clock_ns(),
        **_who(actor),
        "action": str(action),
        "object": {"type": subject.type, "id": subject.id, "version": subject.version},
        "outcome": str(outcome),
        "reason": reason,
        "digests": dict(evidence.digests or {}),
        "commitments": dict(evidence.commitments or {}),
    }
    return AuditEvent(
        event_id=event_id,
        recorded_at=datetime.fromtimestamp(now / 1_000_000, UTC),
        actor=actor.name,
        actor_role=actor.role,
        address=actor.address,
        action=str(action),
        object_type=subject.type,
        object_id=subject.id,
        object_version=subject.version,
        outcome=str(outcome),
        reason=reason[:200],
        request_id=actor.request_id,
        record=canonical_bytes(entry),
    )


def _insert_staged(event: AuditEvent) -> None:
    """Both rows by one prepared statement: every act of the appliance waits for it."""
    values = [getattr(event, name) for name in _COLUMNS]
    # psycopg's own cursor, because Django's binds on the client and so has the statement planned every time.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_INSERT_STAGED, [*values, mac_of(bytes(event.record))], prepare=True)
        event.pk = cursor.fetchall()[0][0]
    event._state.adding, event._state.db = False, connection.alias


def record_apart(
    action: Action, *, subject: Subject, outcome: Outcome = Outcome.REFUSED, reason: str = ""
) -> AuditEvent:
    """A refusal or a failed try: it stays in the log whatever becomes of the transaction that it happened in.

    Outside of a transaction it gets one of its own; inside of one it goes through a connection of its own.
    """
    if connection.in_atomic_block and settings.AUDIT_REFUSALS == "own connection":
        return on_own_connection(lambda: record_apart(action, subject=subject, outcome=outcome, reason=reason))
    with transaction.atomic():
        return record(action, subject=subject, outcome=outcome, reason=reason)


def record_refusal(path: str, *, reason: str) -> None:
    """A refused request."""
    record_apart(Action.ACCESS_REFUSED, subject=Subject("url", path[:64]), reason=reason)


def _who(actor: Actor) -> dict[str, str]:
    return {
        "actor": actor.name,
        "actor_role": actor.role,
        "auth": actor.auth,
        "address": actor.address,
        "session": actor.session,
        "request_id": actor.request_id,
    }


def boot_clock_ns() -> int:
    """Nanoseconds since the start of the kernel, sleep included: nobody can set this clock."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@functools.cache
def boot_id() -> str:
    """The kernel's name of this boot; two readings of `boot_clock_ns` compare only within one."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else "unknown"
