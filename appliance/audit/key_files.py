"""The secrets of the log: files that the database does not hold.

keys/log_id                    the log's name, part of every checkpoint's origin
keys/stage_key                 authenticates records on their way into the tree; every process of the box reads it
keys/log.pub                   the first public key of the log, one line
keys/signing/<key id>.key      private keys of the log; only the sequencer needs to read this folder
"""

from __future__ import annotations

import functools
import os
import secrets
from pathlib import Path

from django.conf import settings

from appliance.audit.tree.notes import origin_of
from appliance.audit.tree.signing import SigningKey


class KeysMissing(Exception):
    """The keys of the log are not where they should be. Nothing can be recorded, so nothing may be done."""


def make_keys(folder: Path, signing: Path, *, log_id: str) -> bool:
    """Make what a log needs, once, readable for the owner only. Returns False when the folder holds keys already."""
    if (folder / "log_id").exists():
        return False
    for place in (folder, signing):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = SigningKey.new(origin_of(log_id))
    write_secret(signing / f"{key.public.key_id.hex()}.key", key.private_line())
    write_secret(folder / "log.pub", key.public.line)
    write_secret(folder / "stage_key", secrets.token_hex(32))
    write_secret(folder / "log_id", log_id)  # last: its presence says that the others are whole
    return True


def new_log_id() -> str:
    return f"log-{secrets.token_hex(6)}"


def log_id() -> str:
    """Raises KeysMissing."""
    return _read(settings.KEYS_DIR, "log_id")


def stage_key() -> bytes:
    """32 bytes. Raises KeysMissing."""
    return bytes.fromhex(_read(settings.KEYS_DIR, "stage_key"))


def first_public_line() -> str:
    """Raises KeysMissing."""
    return _read(settings.KEYS_DIR, "log.pub")


def signing_key(key_id: bytes) -> SigningKey:
    """The private key with this id. Raises KeysMissing."""
    return SigningKey.parse(_read_now(settings.SIGNING_KEYS_DIR / f"{key_id.hex()}.key"))


def keep_signing_key(key: SigningKey) -> None:
    write_secret(settings.SIGNING_KEYS_DIR / f"{key.public.key_id.hex()}.key", key.private_line())


def forget_signing_key(key_id: bytes) -> None:
    """Remove a private key that signs no more: who steals the box later cannot sign the past."""
    (settings.SIGNING_KEYS_DIR / f"{key_id.hex()}.key").unlink(missing_ok=True)


def write_secret(path: Path, text: str) -> None:
    """Whole or not at all: written beside, made durable, moved into place."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    fresh.rename(path)


@functools.cache
def _read(folder: Path, name: str) -> str:
    """Asked for with every record, so no path is put together for what is known."""
    return _read_now(folder / name)


def _read_now(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise KeysMissing(f"{path} cannot be read: {error.strerror}") from error
