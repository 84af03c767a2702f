"""Whether somebody moved the clock: the distance between the clock of the wall and that of the boot stays the same."""

from __future__ import annotations

import json
import time

from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent, Leaf
from appliance.audit.record import boot_clock_ns, boot_id

MOVED_NS = 2_000_000_000


def distance_now() -> int:
    """Nanoseconds."""
    return time.time_ns() - boot_clock_ns()


def distance_of(event: AuditEvent) -> int:
    """Nanoseconds, as the record itself says."""
    entry = json.loads(bytes(event.record))
    return int(entry["time_us"]) * 1000 - int(entry["monotonic_ns"])


def measure() -> int | None:
    """What this boot's distance should be: that of its latest `clock_moved`, else of its first record in the tree."""
    moved = AuditEvent.objects.filter(action=Action.CLOCK_MOVED, leaf__isnull=False).order_by("-leaf__index").first()
    if moved is not None and _boot_of(moved) == boot_id():
        return distance_of(moved)
    first = _first_of_this_boot()
    return None if first is None else distance_of(first)


def moved_by(expected: int | None) -> int:
    """Microseconds by which the clock is off, 0 where that is within bounds or nothing is expected."""
    if expected is None:
        return 0
    off = distance_now() - expected
    return off // 1000 if abs(off) > MOVED_NS else 0


def _first_of_this_boot() -> AuditEvent | None:
    """By halving: the records of a boot stand together at the end of the log."""
    newest = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    low, high = 0, 0 if newest is None else newest + 1
    end = high
    while low < high:
        middle = (low + high) // 2
        if _boot_of(_event_at(middle)) == boot_id():
            high = middle
        else:
            low = middle + 1
    return _event_at(low) if low < end else None


def _event_at(index: int) -> AuditEvent:
    return AuditEvent.objects.only("record").get(leaf__index=index)


def _boot_of(event: AuditEvent) -> str:
    return str(json.loads(bytes(event.record))["boot_id"])
