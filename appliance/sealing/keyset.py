"""The keys of the box (key-encryption keys): a tink keyset in `KEYS_DIR`, readable for the owner only.

One key is the primary; it encrypts. The others still decrypt what they encrypted before the last rotation.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tink
from django.conf import settings
from tink import aead, json_proto_keyset_format, secret_key_access

from appliance.sealing.errors import KeysetMissing, SealBroken

NAME = "sealing_keyset.json"
aead.register()


@dataclass(frozen=True, slots=True)
class Keyset:
    """`primary`, `ids`: of its keys, as they stand before everything that they have encrypted."""

    aead: aead.Aead
    primary: int
    ids: frozenset[int]

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """Encrypt a data key with the primary."""
        wrapped: bytes = self.aead.encrypt(key, about)
        return wrapped

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """Raises SealBroken, also where the key that it needs is not in the keyset."""
        try:
            key: bytes = self.aead.decrypt(wrapped, about)
        except tink.TinkError as error:
            raise SealBroken(f"a data key does not fit the keyset in {path()}") from error
        return key


def path() -> Path:
    folder: Path = settings.KEYS_DIR
    return folder / NAME


def make(place: Path) -> bool:
    """Make the first key, once: of two processes that start together one does. False when there is a keyset."""
    if place.exists():
        return False
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _write_beside(place, _new_key())
    try:
        os.link(fresh, place)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    _flush_folder(place.parent)
    return True


def current() -> Keyset:
    """As the file is now, so that running processes follow a rotation. Raises KeysetMissing."""
    place = path()
    try:
        state = place.stat()
    except OSError as error:
        raise KeysetMissing(f"{place} cannot be read: {error.strerror}") from error
    return _load(place, state.st_mtime_ns, state.st_ino)


def add_primary(place: Path) -> int:
    """Put a new primary in front of the keys there are; returns its id."""
    keys, new = _read(place), _new_key()
    keys["key"] += new["key"]
    keys["primaryKeyId"] = new["primaryKeyId"]
    _replace(place, keys)
    return int(new["primaryKeyId"])


def remove(place: Path, ids: Collection[int]) -> None:
    """Forget these keys. What is still encrypted under one of them is lost. The primary stays."""
    keys = _read(place)
    keys["key"] = [key for key in keys["key"] if key["keyId"] not in ids or key["keyId"] == keys["primaryKeyId"]]
    _replace(place, keys)


@functools.lru_cache(maxsize=2)
def _load(place: Path, changed_ns: int, inode: int) -> Keyset:
    try:
        handle = json_proto_keyset_format.parse(place.read_text(encoding="utf-8"), secret_key_access.TOKEN)
        info = handle.keyset_info()
        return Keyset(handle.primitive(aead.Aead), info.primary_key_id, frozenset(key.key_id for key in info.key_info))
    except (OSError, ValueError, tink.TinkError) as error:
        raise KeysetMissing(f"{place} holds no keyset: {error}") from error


def _new_key() -> dict[str, Any]:
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    keys: dict[str, Any] = json.loads(json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
    return keys


def _read(place: Path) -> dict[str, Any]:
    try:
        keys: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KeysetMissing(f"{place} cannot be read: {error}") from error
    return keys


def _replace(place: Path, keys: dict[str, Any]) -> None:
    os.replace(_write_beside(place, keys), place)
    _flush_folder(place.parent)


def _write_beside(place: Path, keys: dict[str, Any]) -> Path:
    fresh = place.with_name(f"{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(keys, handle)
        handle.flush()
        os.fsync(handle.fileno())
    return fresh


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
