"""The key that signs sessions: given by the administrator, else made once and kept in a file of its own."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

KEY_BYTES = 48


def load_or_create_secret_key(given: SecretStr | None, path: Path) -> str:
    """Returns the key, or "" when it can be neither read nor made; the system check then names the reason."""
    if given is not None:
        return given.get_secret_value()
    try:
        return _read(path) or _create(path)
    except OSError:
        return ""


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _create(path: Path) -> str:
    """Written beside and linked into place, so that two processes starting together end with one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(secrets.token_urlsafe(KEY_BYTES))
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return _read(path)
