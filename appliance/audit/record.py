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

from django.db import connection, transaction

from appliance.audit.actions import Action, Outcome
from appliance.audit.canonical import Canonical, canonical_bytes
from appliance.audit.context import Actor, current_actor
from appliance.audit.models import AuditEvent

LOG_ID = "strongroom"


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


def record(
    action: Action,
    *,
    subject: Subject = Subject(),
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    evidence: Evidence = NOTHING,
) -> AuditEvent:
    """Append one event. Raises RuntimeError outside of a transaction: change and record stand or fall together."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record needs the transaction of the change that it records")
    actor, event_id, now = current_actor(), uuid.uuid4(), time.time_ns() // 1000
    entry: dict[str, Canonical] = {
        "log_id": LOG_ID,
        "event_id": str(event_id),
        "time_us": now,
        "boot_id": _boot_id(),
        "monotonic_ns": time.monotonic_ns(),
        **_who(actor),
        "action": str(action),
        "object": {"type": subject.type, "id": subject.id, "version": subject.version},
        "outcome": str(outcome),
        "reason": reason,
        "digests": dict(evidence.digests or {}),
        "commitments": dict(evidence.commitments or {}),
    }
    return AuditEvent.objects.create(
        event_id=event_id,
        recorded_at=datetime.fromtimestamp(now / 1_000_000, UTC),
        actor=actor.name,
        actor_role=actor.role,
        address=actor.address,
        action=action,
        object_type=subject.type,
        object_id=subject.id,
        object_version=subject.version,
        outcome=outcome,
        reason=reason[:200],
        request_id=actor.request_id,
        record=canonical_bytes(entry),
    )


def record_refusal(path: str, *, reason: str) -> None:
    """A refused request: its own transaction, because there is no change to stand in one with."""
    with transaction.atomic():
        record(Action.ACCESS_REFUSED, subject=Subject("url", path[:64]), outcome=Outcome.REFUSED, reason=reason)


def _who(actor: Actor) -> dict[str, str]:
    return {
        "actor": actor.name,
        "actor_role": actor.role,
        "auth": actor.auth,
        "address": actor.address,
        "session": actor.session,
        "request_id": actor.request_id,
    }


@functools.cache
def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else "unknown"
