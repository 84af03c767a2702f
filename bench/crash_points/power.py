"""Replays recorded uploads on the model of a disk and takes the power away behind every call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Flag, auto

from bench.crash_points.disk_model import Disk

_CALL = re.compile(r"^(?:\d+ +)?(?P<name>\w+)\((?P<rest>.*)\) += (?P<value>-?\d+)(?P<behind>.*)$")
_DESCRIPTOR = re.compile(r"^(?:AT_FDCWD)?\d*<(?P<path>[^>]*)>")
_QUOTED = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"')
_ROW = 'INSERT INTO \\"documents_document\\"'


class Flushes(Flag):
    """Which of the recorded flushes the disk obeys."""

    NONE = 0
    FILES = auto()
    FOLDERS = auto()
    ALL = FILES | FOLDERS


@dataclass(frozen=True)
class Lost:
    """`points`: moments at which the power was taken away. `lost`: those at which a committed file was not safe."""

    points: int
    lost: int


def replay(calls: Iterable[str], promised: Mapping[str, int], disk: Disk, flushes: Flushes = Flushes.ALL) -> Lost:
    """`promised`: path -> size of what must be safe from the moment on at which the document's row is committed."""
    has_row = is_committed = False
    points = lost = 0
    for line in calls:
        if not apply(disk, line, flushes):
            continue
        has_row = has_row or _ROW in line
        is_committed = is_committed or (has_row and "COMMIT" in line)
        points += 1
        lost += is_committed and not promised.items() <= disk.safe().items()
    if not is_committed:
        raise ValueError("the recorded upload never committed its row")
    return Lost(points, lost)


def apply(disk: Disk, line: str, flushes: Flushes = Flushes.ALL) -> bool:
    """Do to the disk what the line of strace says. False when it says nothing: no call, or one that failed."""
    call = _CALL.match(line)
    if call is None or int(call["value"]) < 0:
        return False
    _do(disk, call, flushes)
    return True


def _do(disk: Disk, call: re.Match[str], flushes: Flushes) -> None:
    name, rest, size = call["name"], call["rest"], int(call["value"])
    of = _DESCRIPTOR.match(rest)
    path = of["path"] if of else ""
    words = [found["text"] for found in _QUOTED.finditer(rest)]
    match name:
        case "openat" if "O_CREAT" in rest:
            disk.create(words[0])
        case "mkdir" | "mkdirat":
            disk.make_folder(words[0])
        case "write" | "pwrite64" | "writev":
            disk.write(path, size)
        case "rename" | "renameat" | "renameat2":
            disk.rename(words[0], words[1])
        case "unlink" | "unlinkat":
            disk.remove(words[0])
        case "fsync" | "fdatasync" if "INJECTED" not in call["behind"] and _is_obeyed(disk, path, flushes):
            disk.flush(path)


def _is_obeyed(disk: Disk, path: str, flushes: Flushes) -> bool:
    return (Flushes.FOLDERS if disk.is_folder(path) else Flushes.FILES) in flushes
