"""The store of bytes: originals and page images under their SHA-256, below `settings.BLOB_DIR`.

    <BLOB_DIR>/ab/cd/abcd…    the bytes; a name never gets other bytes
    <BLOB_DIR>/new/…          files that are being written; a crash leaves them here and nowhere else
    <BLOB_DIR>/erased/…       files that are being erased; erasing them once more removes them

A name is on disk for good before `put` returns: written, flushed, renamed, folder flushed. `_seal` and `_unseal`
are the one place where bytes are changed on their way to and from the disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobMissing(Exception):
    """No bytes are kept under this digest."""


class BlobDamaged(Exception):
    """The bytes on disk are not those that were stored."""


def put(content: bytes) -> str:
    """Store the bytes and return their SHA-256 (hex). Storing the same bytes twice keeps one copy. Raises OSError."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if not _is_wanted_again(path):
        _make_folders(path.parent)
        _write(path, _seal(content))
    return sha256


def get(sha256: str) -> bytes:
    """Raises BlobMissing, or BlobDamaged when the disk gives other bytes than were stored."""
    try:
        content = _unseal(_path(sha256).read_bytes())
    except FileNotFoundError as error:
        raise BlobMissing(sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BlobDamaged(sha256)
    return content


def exists(sha256: str) -> bool:
    return _path(sha256).exists()


def names() -> Iterator[str]:
    """The digests of everything in the store."""
    for path in _root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if _SHA256.fullmatch(path.name):
            yield path.name


def erase(sha256: str, *, idle_seconds: float) -> bool:
    """Remove the bytes for good. False, and they stay, when they were put within the last `idle_seconds`.

    The file is taken aside before it is judged: a `put` at the same moment either has marked it, and it goes back, or
    finds it gone and writes it anew. Erasing what is not there is no error, so it can be repeated after a crash.
    """
    path = _path(sha256)
    aside = _root() / "erased" / sha256
    if path.exists():
        if _idle_seconds(path) < idle_seconds:
            return False
        _make_folders(aside.parent)
        os.replace(path, aside)
    if not aside.exists():
        return True
    if _idle_seconds(aside) < idle_seconds:
        if not path.exists():
            os.replace(aside, path)
        return False
    aside.unlink()
    _flush_folder(aside.parent)
    return True


def bring_back(sha256: str) -> None:
    """Undo an erasing that a crash has cut short."""
    path, aside = _path(sha256), _root() / "erased" / sha256
    if aside.exists() and not path.exists():
        os.replace(aside, path)


def _is_wanted_again(path: Path) -> bool:
    """Marks the file as wanted now, so that it is not erased under somebody's hands; False when it is not there."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _idle_seconds(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _seal(content: bytes) -> bytes:
    return content


def _unseal(stored: bytes) -> bytes:
    return stored


def _root() -> Path:
    return Path(settings.BLOB_DIR)


def _path(sha256: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise BlobMissing(sha256)
    return _root() / sha256[:2] / sha256[2:4] / sha256


def _make_folders(folder: Path) -> None:
    if folder.exists():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush_folder(folder.parent)


def _write(path: Path, stored: bytes) -> None:
    new = _root() / "new"
    _make_folders(new)
    descriptor, name = tempfile.mkstemp(dir=new)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(stored)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
