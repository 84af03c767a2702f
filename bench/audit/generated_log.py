"""A log folder of any size, written as docs/audit-format.md says, without a database: for timing the verifier.

The tree is built level by level from lists, the signatures come from `cryptography`: nothing of the appliance is used.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOG_ID = "generated"
NAME = f"strongroom/{LOG_ID}"
START_US = 1_790_000_000_000_000
STEP_US = 20_000
CHECKPOINT_RECORDS = 1000


@dataclass
class Generated:
    """What a verifier needs beside the folder: the key's line and the time of the newest checkpoint."""

    key_line: str
    now_us: int


@dataclass
class Levels:
    """All hashes of all levels of tiles; level L + 1 holds the roots of the full tiles of level L."""

    hashes: list[list[bytes]] = field(default_factory=lambda: [[]])

    def add(self, leaf: bytes) -> None:
        level = 0
        self.hashes[0].append(leaf)
        while len(self.hashes[level]) % 256 == 0:
            if level + 1 == len(self.hashes):
                self.hashes.append([])
            self.hashes[level + 1].append(_root(self.hashes[level][-256:]))
            level += 1

    def root(self) -> bytes:
        """The root from the partial tiles: each level's rest, joined to what stands above and to its left."""
        right: list[bytes] = []
        for hashes in self.hashes:
            rest = len(hashes) % 256
            right = [_root(hashes[len(hashes) - rest :] + right)] if rest or right else []
        return right[0] if right else _root(self.hashes[-1])


def _root(hashes: list[bytes]) -> bytes:
    """RFC 6962's root, level by level: a hash without a partner rises as it is."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        odd = [hashes[-1]] if len(hashes) % 2 else []
        hashes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return hashes[0]


def write_log(folder: Path, records: int, *, every: int = CHECKPOINT_RECORDS) -> Generated:
    """`records` records with a checkpoint after each `every` and at the end. `folder` must be new or empty."""
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a generated log").digest())
    public = b"\x01" + private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(NAME.encode() + b"\n" + public).digest()[:4]
    levels, previous, lines = Levels(), "0 -", []
    pending = _record(0, "sequencer_started", {"type": "epoch", "id": "1", "version": 0}, {})
    for name in ("entries", "checkpoints"):
        (folder / name).mkdir(parents=True)
    for index in range(records):
        lines.append(pending + b"\n")
        levels.add(hashlib.sha256(b"\x00" + pending).digest())
        size = index + 1
        pending = _record(size, "document_viewed", {"type": "document", "id": f"{size}", "version": 1}, {})
        if size % every == 0 or size == records:
            root = levels.root()
            body = _body(size, root, previous)
            _write_note(folder, size, body, key_id, private.sign)
            digest = hashlib.sha256(body.encode()).hexdigest()
            previous = f"{size} {digest}"
            subject = {"type": "checkpoint", "id": str(size), "version": 0}
            pending = _record(size, "checkpoint_signed", subject, {"root": root.hex(), "body": digest})
        if size % 1000 == 0 or size == records:
            (folder / f"entries/{index // 1000:06d}.jsonl").write_bytes(b"".join(lines))
            lines = []
    write_tiles(folder, levels)
    now = START_US + records * STEP_US
    manifest = {"format": "strongroom-log/1", "log_id": LOG_ID, "made_us": now, "size": records}
    (folder / "manifest.json").write_bytes(_canonical(manifest))
    return Generated(f"{NAME}+{key_id.hex()}+{_base64(public)}", now)


def _record(index: int, action: str, subject: dict[str, object], digests: dict[str, str]) -> bytes:
    return _canonical(
        {
            "log_id": LOG_ID,
            "event_id": str(uuid.UUID(int=index * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)),
            "time_us": START_US + index * STEP_US,
            "boot_id": "3f8d0b5e-0000-4000-8000-000000000001",
            "monotonic_ns": (50_000_000 + index * STEP_US) * 1000,
            "actor": "clara",
            "actor_role": "clerk",
            "auth": "password",
            "address": "127.0.0.1",
            "session": "77aa01c4be00f1d2",
            "request_id": "0d8c9be2-1f1c-4b1b-9a4e-3a5f64f0c0de",
            "action": action,
            "outcome": "done",
            "reason": "total",
            "object": subject,
            "digests": digests,
            "commitments": {},
        }
    )


def _body(size: int, root: bytes, previous: str) -> str:
    now = START_US + size * STEP_US
    return f"{NAME}\n{size}\n{_base64(root)}\ntime {now}\nepoch 1\nprevious {previous}\n"


def _write_note(folder: Path, size: int, body: str, key_id: bytes, sign: Callable[[bytes], bytes]) -> None:
    line = f"— {NAME} {_base64(key_id + sign(body.encode()))}\n"
    (folder / f"checkpoints/{size:012d}.note").write_text(f"{body}\n{line}", encoding="utf-8")


def write_tiles(folder: Path, levels: Levels) -> None:
    for level, hashes in enumerate(levels.hashes):
        for tile, first in enumerate(range(0, len(hashes), 256)):
            group = hashes[first : first + 256]
            thousands = f"x{tile // 1000:03d}/" if tile >= 1000 else ""
            partial = f".p/{len(group)}" if len(group) < 256 else ""
            path = folder / f"tile/{level}/{thousands}{tile % 1000:03d}{partial}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(group))


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
