"""Files that are whole or not there: written aside, brought to the disk, then renamed. One writer at a time."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models_store.errors import StoreError

PART = ".part"
"""Ends the name of what is not complete yet."""


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Keeps other writers of the store out. Not to be entered twice by the same thread."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_json(path: Path, content: object) -> None:
    fresh = path.with_name(path.name + PART)
    fresh.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    rename(fresh, path)


def copy_file(source: Path, target: Path, *, expected: str) -> None:
    """Raises StoreError when the bytes that arrived are not those of the digest `expected`."""
    fresh = target.with_name(target.name + PART)
    shutil.copyfile(source, fresh)
    found = file_digest(fresh)
    if found != expected:
        fresh.unlink()
        raise StoreError(f"The file {source.name} hashes to {found}, its card says {expected}.")
    rename(fresh, target)


def rename(fresh: Path, target: Path) -> None:
    """Gives a complete file or folder its final name, so that it survives a power cut."""
    to_disk(fresh)
    fresh.replace(target)
    to_disk(target.parent)


def to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
