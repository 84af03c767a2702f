"""Recordings replayed on the model: an upload as it should be, and those that flush too little or too late."""

from __future__ import annotations

import pytest

from bench.crash_points.disk_model import Disk
from bench.crash_points.power import Flushes, Lost, replay
from bench.crash_points.traced_upload import Point, points

MKDIR = ['7 mkdir("/box/ab", 0700) = 0', "7 fsync(3</box>) = 0"]
WRITE = [
    '7 openat(AT_FDCWD</srv>, "/box/new", O_RDWR|O_CREAT|O_EXCL, 0600) = 4</box/new>',
    '7 write(4</box/new>, "a \\" quoted"..., 3) = 3',
]
FLUSH = ["7 fsync(4</box/new>) = 0"]
RENAME = ['7 rename("/box/new", "/box/ab/file") = 0']
FLUSH_FOLDER = ["7 fsync(3</box/ab>) = 0"]
ROW = [
    '7 sendto(5<socket:[1]>, "P\\0INSERT INTO \\"documents_document\\" (", 99, 0, NULL, 0) = 99',
    '7 sendto(5<socket:[1]>, "Q\\0COMMIT\\0", 12, 0, NULL, 0) = 12',
]
GOOD = [*MKDIR, *WRITE, *FLUSH, *RENAME, *FLUSH_FOLDER, *ROW]
PROMISED = {"/box/ab/file": 3}


def lost(calls: list[str], flushes: Flushes = Flushes.ALL) -> int:
    return replay(calls, PROMISED, Disk("/box"), flushes).lost


def test_upload_that_flushes_before_its_row_loses_nothing() -> None:
    assert replay(GOOD, PROMISED, Disk("/box")) == Lost(points=len(GOOD), lost=0)


@pytest.mark.parametrize(
    "calls",
    [
        [*MKDIR, *WRITE, *RENAME, *FLUSH_FOLDER, *ROW],
        [*MKDIR, *WRITE, *FLUSH, *RENAME, *ROW],
        [MKDIR[0], *WRITE, *FLUSH, *RENAME, *FLUSH_FOLDER, *ROW],
        [*MKDIR, *WRITE, *RENAME, *ROW, *FLUSH, *FLUSH_FOLDER],
        [*MKDIR, *WRITE, FLUSH[0] + " (INJECTED)", *RENAME, *FLUSH_FOLDER, *ROW],
        [*MKDIR, *WRITE, "7 fsync(4</box/new>) = -1 EIO (Input/output error)", *RENAME, *FLUSH_FOLDER, *ROW],
    ],
    ids=["no bytes", "no name", "no folder", "too late", "a flush that lies", "a flush that failed"],
)
def test_upload_that_does_not_flush_in_time_is_caught(calls: list[str]) -> None:
    assert lost(calls) > 0


@pytest.mark.parametrize("flushes", [Flushes.NONE, Flushes.FILES, Flushes.FOLDERS], ids=["none", "files", "folders"])
def test_disk_that_obeys_only_some_flushes_is_caught(flushes: Flushes) -> None:
    assert lost(GOOD, flushes) == 1


def test_before_its_row_is_committed_nothing_is_promised() -> None:
    assert lost([*ROW[:1], *MKDIR, *WRITE, *FLUSH, *RENAME, *FLUSH_FOLDER, *ROW[1:]]) == 0


def test_recording_without_a_commit_proves_nothing() -> None:
    with pytest.raises(ValueError, match="never committed"):
        lost(GOOD[:-1])


def test_points_are_the_calls_that_change_something_counted_by_name() -> None:
    reading = '7 openat(AT_FDCWD</srv>, "/box/ab", O_RDONLY|O_CLOEXEC) = 3</box/ab>'

    found = points([reading, *WRITE, *FLUSH, "--- SIGCHLD ---", "+++ exited with 0 +++"])

    assert found == [Point("openat", 2), Point("write", 1), Point("fsync", 1)]
