"""Room on the disks. Uploads stop at a reserve, so that what was taken in before can be read, reviewed and recorded."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError

from appliance.audit.record import LogUnavailable
from appliance.documents.errors import DatabaseAway, StorageFailed, StorageFull

RESERVE_SHARE, RESERVE_MOST = 0.05, 2 * 1024**3
FOR_WORK = 10
"""Reading a document that was taken in may use the reserve, down to one in so many parts of it."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Volume:
    """A file system that uploads need. Sizes in bytes; `reserve` is what uploads leave free."""

    path: Path
    free: int
    reserve: int


def volumes() -> list[Volume]:
    """Where originals, files that are coming in, and the records lie; usually one file system, then named once."""
    server = settings.EMBEDDED_POSTGRES
    places = [Path(settings.BLOB_DIR), temporary_folder(), *([server.cluster] if server else [])]
    by_device = {_existing(place).stat().st_dev: _existing(place) for place in places}
    return [volume_of(path) for path in by_device.values()]


def volume_of(path: Path) -> Volume:
    """Raises OSError."""
    usage = shutil.disk_usage(_existing(path))
    asked = settings.DISK_RESERVE_BYTES
    return Volume(path, usage.free, min(int(usage.total * RESERVE_SHARE), RESERVE_MOST) if asked is None else asked)


def temporary_folder() -> Path:
    """Where files lie while they come in."""
    return Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())


def check_room(size: int = 0) -> None:
    """Raises StorageFull when `size` bytes more would touch the reserve of any volume."""
    for volume in volumes():
        if volume.free - size < volume.reserve:
            raise StorageFull(f"{volume.path}: {volume.free} bytes free, {volume.reserve} are kept")


def is_used_up() -> bool:
    """True when not even documents that were taken in before should be worked on."""
    return any(volume.free < volume.reserve // FOR_WORK for volume in volumes())


@contextmanager
def told_when_full() -> Iterator[None]:
    """What the disk or the database says while something is stored, as an error that a clerk can read.

    Raises StorageFull, StorageFailed or DatabaseAway; a log that fails for any other cause stays LogUnavailable.
    """
    try:
        yield
    except OSError as error:
        raise trouble_with_disk(error) from error
    except LogUnavailable as error:
        if not _is_full(error.__cause__):
            raise
        raise StorageFull(str(error)) from error
    except (OperationalError, InterfaceError) as error:
        raise _trouble_with_database(error) from error


def trouble_with_disk(error: OSError) -> StorageFull | StorageFailed:
    return StorageFull(str(error)) if error.errno in _FULL else StorageFailed(str(error))


def _trouble_with_database(error: DatabaseError | InterfaceError) -> StorageFull | DatabaseAway:
    return StorageFull(str(error)) if _is_full(error) else DatabaseAway(str(error))


def _is_full(error: BaseException | None) -> bool:
    return isinstance(error, DatabaseError) and isinstance(error.__cause__, psycopg.errors.DiskFull)


def _existing(path: Path) -> Path:
    """The folder, or the nearest one above it: before the first document there is no folder yet."""
    return path if path.exists() else _existing(path.parent)
