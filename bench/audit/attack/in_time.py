"""Clocks that are moved, and a sequencer that is stopped."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

from django.db import transaction

from bench.audit.attack.box import act, edited, now_us, sequence
from bench.audit.attack.kinds import Kind, Outcome, checked
from bench.audit.attack.scene import Scene

HOUR_US = 3_600_000_000


def _recorded_at_another_time(shift_us: int) -> None:
    """As a process of the box writes whose clock was moved for a moment: the row and its mac are genuine."""
    from appliance.audit.models import AuditEvent, StagedRecord
    from appliance.audit.record import boot_clock_ns
    from appliance.audit.staging import mac_of

    event = AuditEvent.objects.filter(action="document_viewed").order_by("-pk")[0]
    event_id, time_us = uuid.uuid4(), now_us() + shift_us
    changed = {"event_id": str(event_id), "time_us": time_us, "monotonic_ns": boot_clock_ns()}
    record = edited(bytes(event.record), **changed)
    event.pk, event.event_id, event.record = None, event_id, record
    event.recorded_at = datetime.fromtimestamp(time_us / 1_000_000, UTC)
    event._state.adding = True
    with transaction.atomic():
        event.save(force_insert=True)
        StagedRecord.objects.create(event=event, mac=mac_of(record))


def _checked_after_signing(scene: Scene, moved: int) -> Outcome:
    from appliance.audit.models import Leaf

    sequence(sign=True)
    shifted = [
        leaf.index
        for leaf in Leaf.objects.filter(index__gt=scene.newest).select_related("event")
        if abs(json.loads(bytes(leaf.event.record))["time_us"] - now_us()) > HOUR_US // 2
    ]
    assert len(shifted) == moved, shifted  # noqa: S101
    folder = scene.folder()
    report = scene.verify(folder)
    return checked(report, "clock", shifted[0])


def clock_back(scene: Scene) -> Outcome:
    _recorded_at_another_time(-HOUR_US)
    return _checked_after_signing(scene, 1)


def clock_forward_and_back(scene: Scene) -> Outcome:
    _recorded_at_another_time(HOUR_US)
    act(2)
    _recorded_at_another_time(HOUR_US)
    act(2)
    return _checked_after_signing(scene, 2)


def stop_sequencer(scene: Scene) -> Outcome:
    """Nothing new is signed; the officer looks four minutes later."""
    report = scene.verify_log("--at", str(now_us() + 240_000_000))
    return checked(report, "stale", scene.newest)


KINDS = (
    Kind("put the clock back", clock_back),
    Kind("put the clock forward and back", clock_forward_and_back),
    Kind("stop the sequencer", stop_sequencer),
)
