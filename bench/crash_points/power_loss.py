"""Recorded uploads on the model of a disk: alone, behind a killed one, and without their flushes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from appliance.accounts.models import Person
from bench.crash_points.after_a_kill import stored_files
from bench.crash_points.disk_model import Disk
from bench.crash_points.power import Flushes, Lost, apply, replay
from bench.crash_points.traced_upload import Ended, Upload, points, traced

CONTROLS = 4
_ALL_FLUSHES_LIE = "inject=fsync,fdatasync:retval=0"


@dataclass
class Power:
    power_points: int = 0
    power_lost: int = 0
    control_caught: int = 0

    @property
    def is_controlled(self) -> bool:
        return self.control_caught == CONTROLS

    def figures(self) -> dict[str, int]:
        return asdict(self)

    def add(self, lost: Lost) -> None:
        self.power_points += lost.points
        self.power_lost += lost.lost


@dataclass(frozen=True)
class Recorded:
    """An upload into a store that did not exist before. `promised`: path -> size."""

    ended: Ended
    promised: dict[str, int]
    root: Path

    def replayed(self, flushes: Flushes = Flushes.ALL, *, behind: tuple[str, ...] = ()) -> Lost:
        disk = Disk(str(self.root))
        for line in behind:
            apply(disk, line)
        return replay(self.ended.calls, self.promised, disk, flushes)


def lose_power_everywhere(clerk: Person, scratch: Path, *, every: int = 1) -> Power:
    found = Power()
    alone = _record(clerk, scratch / "alone")
    found.add(alone.replayed())
    lying = _record(clerk, scratch / "lying", _ALL_FLUSHES_LIE)
    controls = [alone.replayed(flushes) for flushes in (Flushes.FILES, Flushes.FOLDERS, Flushes.NONE)]
    found.control_caught = sum(control.lost > 0 for control in [*controls, lying.replayed()])
    for number, point in enumerate(points(alone.ended.calls, about=str(alone.root))[::every]):
        folder = scratch / f"behind-{number}"
        killed = _record(clerk, folder, point.killing())
        second = _record(clerk, folder)
        found.add(second.replayed(behind=killed.ended.calls))
    return found


def _record(clerk: Person, folder: Path, *injections: str) -> Recorded:
    """Documents whose names begin alike, so that a second upload finds the folders of the first one."""
    folder.mkdir(exist_ok=True)
    settings.BLOB_DIR = folder / "blobs"
    before = stored_files()
    content = f"{folder} {len(before)} {injections}\n".encode() * 2000
    upload = Upload(clerk, content, UUID(bytes=b"\xab" + uuid4().bytes[1:]))
    ended = traced(upload, folder / "calls.strace", *injections)
    new = {str(path): size for path, size in stored_files().items() if path not in before}
    return Recorded(ended, new if ended.is_acknowledged else {}, folder)
