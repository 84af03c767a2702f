"""The store of bytes: originals and page images, below `settings.BLOB_DIR`, encrypted under their document's key.

    <BLOB_DIR>/ab/<document>/<name>   the bytes; a name never gets other bytes
    <BLOB_DIR>/new/…                  files that are being written; a crash leaves them here and nowhere else

A file is on disk for good before `put` returns: written, flushed, renamed, folder flushed. Its name is made of the
bytes' SHA-256 and the document's key, so the disk does not tell who holds the same file that it is here.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from appliance.sealing.errors import KeyDestroyed, SealBroken
from appliance.sealing.keys import cipher_of, make_key

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobMissing(Exception):
    """No bytes are kept under this digest."""


class BlobDamaged(Exception):
    """The bytes on disk are not those that were stored."""


def put_first(content: bytes, *, document_id: UUID) -> str:
    """As `put`, for a document that is being made: it gets its key."""
    make_key(document_id)
    return put(content, document_id=document_id)


def put(content: bytes, *, document_id: UUID) -> str:
    """Store bytes of the document and return their SHA-256 (hex); the same bytes twice are kept once.

    Raises OSError, and KeyDestroyed when the document is gone.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256, document_id)
    if path.exists():
        os.utime(path)
    else:
        _make_folders(path.parent)
        _write(path, cipher_of(document_id).seal_file(content, _about(sha256, document_id)))
    for folder in (path.parent, path.parent.parent, _root(), _root().parent):
        _flush_folder(folder)  # each time: who made it may have been killed before this
    return sha256


def get(sha256: str, *, document_id: UUID) -> bytes:
    """Raises BlobMissing, also when the document is gone, or BlobDamaged when the disk gives other bytes."""
    try:
        sealed = _path(sha256, document_id).read_bytes()
        content = cipher_of(document_id).unseal_file(sealed, _about(sha256, document_id))
    except (FileNotFoundError, KeyDestroyed) as error:
        raise BlobMissing(sha256) from error
    except SealBroken as error:
        raise BlobDamaged(sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BlobDamaged(sha256)
    return content


def exists(sha256: str, *, document_id: UUID) -> bool:
    return _path(sha256, document_id).exists()


def documents() -> Iterator[UUID]:
    """All that have a folder in the store."""
    for folder in _root().glob("[0-9a-f][0-9a-f]/*"):
        try:
            yield UUID(folder.name)
        except ValueError:
            continue


def erase_all(document_id: UUID) -> int:
    """Remove all files of the document for good; returns how many. May be repeated after a crash. Raises OSError."""
    folder = _folder(document_id)
    if not folder.exists():
        return 0
    count = len(list(folder.iterdir()))
    shutil.rmtree(folder)
    _flush_folder(folder.parent)
    return count


def others(document_id: UUID, *, needed: Collection[str]) -> list[Path]:
    """Files in the document's folder beside those under the `needed` digests."""
    names = {_path(sha256, document_id).name for sha256 in needed}
    return [path for path in _folder(document_id).glob("*") if path.name not in names]


def sweep_new(*, idle_seconds: float) -> int:
    """Remove what a crash left half written; returns how many files."""
    return sweep((_root() / "new").glob("*"), idle_seconds=idle_seconds)


def sweep(paths: Iterable[Path], *, idle_seconds: float) -> int:
    """Remove those that nobody has touched for so long; returns how many."""
    left = [path for path in paths if time.time() - path.stat().st_mtime >= idle_seconds]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _about(sha256: str, document_id: UUID) -> bytes:
    return f"file {sha256} of {document_id}".encode()


def _root() -> Path:
    return Path(settings.BLOB_DIR)


def _folder(document_id: UUID) -> Path:
    return _root() / document_id.hex[:2] / str(document_id)


def _path(sha256: str, document_id: UUID) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise BlobMissing(sha256)
    try:
        return _folder(document_id) / cipher_of(document_id).file_name(sha256)
    except KeyDestroyed as error:
        raise BlobMissing(sha256) from error


def _make_folders(folder: Path) -> None:
    if folder.exists():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush_folder(folder.parent)


def _write(path: Path, sealed: bytes) -> None:
    new = _root() / "new"
    _make_folders(new)
    descriptor, name = tempfile.mkstemp(dir=new)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(sealed)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
