"""An upload killed at each of its calls, and what is there afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from appliance.accounts.models import Person
from bench.crash_points.after_a_kill import look
from bench.crash_points.traced_upload import Ended, Point, Upload, points, traced, warm_up

_CONTROLS = 12
"""Kills of the upload that is acknowledged too early."""


@dataclass
class Kills:
    points: int = 0
    killed: int = 0
    acknowledged: int = 0
    lost: int = 0
    half_visible: int = 0
    with_leftovers: int = 0
    not_swept: int = 0
    control_lost: int = 0
    by_call: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, object]:
        return {**vars(self), "by_call": dict(self.by_call)}


def kill_everywhere(clerk: Person, scratch: Path, *, every: int = 1) -> Kills:
    """Kill at one in `every` calls, and let one upload through at the end."""
    found = Kills()
    warm_up(clerk)
    recorded = traced(Upload(clerk, _content(0, "recorded")), scratch / "recorded.strace")
    where = points(recorded.calls)
    for number, point in enumerate(where[::every]):
        _one_kill(found, Upload(clerk, _content(number, "killed")), point, scratch)
    beyond = Point(where[-1].name, len(where) + 1)
    _one_kill(found, Upload(clerk, _content(0, "beyond")), beyond, scratch)
    for number, point in enumerate(where[:: max(1, len(where) // _CONTROLS)]):
        control = Upload(clerk, _content(number, "too early"), too_early=True)
        ended = traced(control, scratch / "control.strace", point.killing())
        found.control_lost += look(control.content, is_acknowledged=ended.is_acknowledged).is_lost
    return found


def _one_kill(found: Kills, upload: Upload, point: Point, scratch: Path) -> Ended:
    ended = traced(upload, scratch / "killed.strace", point.killing())
    after = look(upload.content, is_acknowledged=ended.is_acknowledged)
    found.points += 1
    found.killed += ended.was_killed
    found.acknowledged += ended.is_acknowledged
    found.lost += after.is_lost
    found.half_visible += bool(after.faults)
    found.with_leftovers += after.left > 0
    found.not_swept += not after.swept
    found.by_call[point.name] += 1
    return ended


def _content(number: int, name: str) -> bytes:
    """More than one buffer of the file, and of no other upload."""
    return f"{name} {number}\n".encode() * 2000
