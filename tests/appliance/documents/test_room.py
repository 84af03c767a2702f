"""The reserve on the disks, and what a full disk or a database that is away is called."""

from __future__ import annotations

import errno
from types import SimpleNamespace

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from pytest_django import Settings

from appliance.audit.record import LogUnavailable
from appliance.documents import room
from appliance.documents.errors import DatabaseAway, StorageFailed, StorageFull
from appliance.documents.room import check_room, is_used_up, told_when_full, volumes

GIB = 1024**3


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> SimpleNamespace:
    """A disk whose free bytes the test sets; everything lies on it."""
    settings.DISK_RESERVE_BYTES = None
    usage = SimpleNamespace(total=1000, free=1000)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _path: usage)
    return usage


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(("total", "reserve"), [(1000, 50), (40 * GIB, 2 * GIB), (400 * GIB, 2 * GIB)])
def test_reserve_is_a_twentieth_and_at_most_two_gibibytes(disk: SimpleNamespace, total: int, reserve: int) -> None:
    disk.total = total

    assert {volume.reserve for volume in volumes()} == {reserve}


def test_reserve_can_be_set(disk: SimpleNamespace, settings: Settings) -> None:
    settings.DISK_RESERVE_BYTES = 7

    assert {volume.reserve for volume in volumes()} == {7}


def test_file_must_fit_above_the_reserve(disk: SimpleNamespace) -> None:
    disk.free = 60
    check_room(10)

    with pytest.raises(StorageFull):
        check_room(11)


def test_work_goes_on_in_the_reserve_until_it_is_nearly_gone(disk: SimpleNamespace) -> None:
    disk.free = 5
    with pytest.raises(StorageFull):
        check_room()
    assert not is_used_up()

    disk.free = 4
    assert is_used_up()


def test_folders_on_one_file_system_are_looked_at_once(settings: Settings, tmp_path) -> None:
    settings.BLOB_DIR = tmp_path / "not" / "there" / "yet"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.EMBEDDED_POSTGRES = None

    assert [volume.path for volume in volumes()] == [tmp_path]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), StorageFull),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), StorageFull),
        (OSError(errno.EIO, "Input/output error"), StorageFailed),
        (OSError(errno.EROFS, "Read-only file system"), StorageFailed),
        (caused(OperationalError("full"), psycopg.errors.DiskFull("full")), StorageFull),
        (caused(OperationalError("gone"), psycopg.errors.AdminShutdown("gone")), DatabaseAway),
        (InterfaceError("connection already closed"), DatabaseAway),
        (
            caused(LogUnavailable("x"), caused(OperationalError("full"), psycopg.errors.DiskFull("full"))),
            StorageFull,
        ),
        (caused(LogUnavailable("x"), OperationalError("no such table")), LogUnavailable),
        (ProgrammingError("a bug stays a bug"), ProgrammingError),
        (ValueError("a bug stays a bug"), ValueError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_trouble_gets_its_name(said: Exception, told: type[Exception]) -> None:
    with pytest.raises(told) as found, told_when_full():
        raise said

    assert type(found.value) is told
