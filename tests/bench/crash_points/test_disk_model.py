"""The model of a disk forgets what a real one may forget, and no more."""

from __future__ import annotations

import pytest

from bench.crash_points.disk_model import Disk

FILE, NEW, FOLDER = "/box/ab/file", "/box/new", "/box/ab"


def disk_with(*flushed: str) -> Disk:
    """A file of 3 bytes, written under another name and renamed; `flushed` at the last moment before and after."""
    disk = Disk("/box")
    disk.make_folder(FOLDER)
    disk.create(NEW)
    disk.write(NEW, 3)
    for path in flushed:
        disk.flush(path)
    disk.rename(NEW, FILE)
    for path in flushed:
        disk.flush(path)
    return disk


def test_what_is_flushed_with_all_its_names_is_safe() -> None:
    assert disk_with(NEW, FOLDER, "/box").safe() == {FILE: 3}


@pytest.mark.parametrize(
    "flushed",
    [(), (NEW,), (FOLDER,), (NEW, FOLDER), (NEW, "/box"), (FOLDER, "/box")],
    ids=lambda flushed: " ".join(flushed) or "nothing",
)
def test_file_is_not_safe_while_bytes_name_or_folder_were_not_flushed(flushed: tuple[str, ...]) -> None:
    assert FILE not in {path for path, size in disk_with(*flushed).safe().items() if size == 3}


def test_bytes_written_behind_the_flush_are_not_kept() -> None:
    disk = disk_with(NEW, FOLDER, "/box")
    disk.write(FILE, 2)

    assert disk.safe() == {FILE: 3}


def test_name_that_is_removed_may_be_gone_at_once() -> None:
    disk = disk_with(NEW, FOLDER, "/box")
    disk.remove(FILE)

    assert disk.safe() == {}


def test_paths_elsewhere_are_nobody_s_business() -> None:
    disk = Disk("/box")
    disk.create("/elsewhere/file")
    disk.write("/elsewhere/file", 3)
    disk.rename("/elsewhere/file", "/box/file")
    disk.flush("/elsewhere")

    assert disk.safe() == {}


def test_root_is_a_folder_and_a_file_is_none() -> None:
    disk = disk_with()

    assert (disk.is_folder("/box"), disk.is_folder(FOLDER), disk.is_folder(FILE), disk.is_folder("/no")) == (
        True,
        True,
        False,
        False,
    )
