"""The disk says no at each single call of an upload that touches the store: told in words, and nothing stays behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from appliance.accounts.models import Person
from bench.crash_points.after_a_kill import Found, look, stored_files
from bench.crash_points.traced_upload import Ended, Upload, points, traced, warm_up

ERRORS = ("ENOSPC", "EIO")
IN_WORDS = {"ENOSPC": (507, "storage_full"), "EIO": (503, "storage_failed")}


@dataclass
class Injected:
    """`unclear`: neither taken in whole nor refused with the right code. `left`: refused uploads that left files."""

    injected: int = 0
    refused: int = 0
    unclear: int = 0
    left: int = 0


def fail_everywhere(clerk: Person, scratch: Path, *, every: int = 1) -> Injected:
    warm_up(clerk)
    recorded = traced(Upload(clerk, _content("recorded")), scratch / "recorded.strace")
    found = Injected()
    for error in ERRORS:
        for number, point in enumerate(points(recorded.calls, about=str(settings.BLOB_DIR))[::every]):
            upload = Upload(clerk, _content(f"{error} {number}"))
            before = len(stored_files())
            ended = traced(upload, scratch / "failed.strace", point.failing(error))
            left = len(stored_files()) - before
            _count(found, ended, look(upload.content, is_acknowledged=ended.is_acknowledged), error, left)
    return found


def _count(found: Injected, ended: Ended, after: Found, error: str, left: int) -> None:
    is_refused = (ended.status, ended.code) == IN_WORDS[error]
    is_whole = ended.is_acknowledged and not after.is_lost
    found.injected += 1
    found.refused += is_refused
    found.unclear += not (is_refused or is_whole) or bool(after.faults)
    found.left += is_refused and left > 0


def _content(name: str) -> bytes:
    return f"{name}\n".encode() * 2000
