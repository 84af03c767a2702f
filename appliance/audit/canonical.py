"""The bytes of an audit record: canonical JSON.

Keys sorted, UTF-8, no blanks, only objects, strings and integers; a verifier hashes the stored bytes and never writes
them again. A record never holds document text or a person's health data: values stand in it as salted commitments.

    {"action":"value_decided","actor":"clara","actor_role":"clerk","address":"127.0.0.1","auth":"password",
     "boot_id":"3f…","commitments":{"after":"9c…","before":"04…"},"digests":{"model":"a1…"},"event_id":"…",
     "log_id":"strongroom","monotonic_ns":81234,"object":{"id":"…","type":"document","version":7},"outcome":"done",
     "reason":"total","request_id":"…","session":"77…","time_us":1793300000000000}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

Canonical = str | int | Mapping[str, "Canonical"]


def canonical_bytes(record: Mapping[str, Canonical]) -> bytes:
    """Raises TypeError for anything but objects, strings and integers."""
    _check(record)
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def commitment(value: str | None, salt: str) -> str:
    """SHA-256 over salt and value: proves a value to who knows both, tells nothing to anyone else."""
    kind, text = ("absent", "") if value is None else ("value", value)
    return hashlib.sha256(f"{salt}\x00{kind}\x00{text}".encode()).hexdigest()


def _check(value: Canonical) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"key {key!r} is not a string")
            _check(inner)
    elif isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{value!r} is neither a string nor an integer")
