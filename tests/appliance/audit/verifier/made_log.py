"""Logs for the verifier's tests, made by a second reading of docs/audit-format.md.

Nothing here is shared with the verifier or with the appliance: the tree is RFC 6962's own recursion, signatures come
from `cryptography`. What the two sides agree on is the format.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

START_US = 1_790_000_000_000_000
SECOND = 1_000_000


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = split_of(len(leaves))
    return hashlib.sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def path_of(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 2.1.1, leaf's sibling first."""
    if len(leaves) == 1:
        return []
    split = split_of(len(leaves))
    if index < split:
        return [*path_of(index, leaves[:split]), root_of(leaves[split:])]
    return [*path_of(index - split, leaves[split:]), root_of(leaves[:split])]


def consistency_of(size: int, leaves: Sequence[bytes], *, is_whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 2.1.2."""
    if size == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = split_of(len(leaves))
    if size <= split:
        return [*consistency_of(size, leaves[:split], is_whole=is_whole), root_of(leaves[split:])]
    return [*consistency_of(size - split, leaves[split:], is_whole=False), root_of(leaves[:split])]


def split_of(count: int) -> int:
    """The greatest power of two that is smaller than `count`."""
    split = 1
    while split * 2 < count:
        split *= 2
    return split


def leaf_of(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def tiles_of(leaves: Sequence[bytes]) -> dict[str, bytes]:
    """Path and bytes of every tile."""
    tiles, hashes, level = {}, list(leaves), 0
    while hashes:
        groups = [hashes[place : place + 256] for place in range(0, len(hashes), 256)]
        for number, group in enumerate(groups):
            millions, thousands, units = number // 1_000_000, number // 1000 % 1000, f"{number % 1000:03d}"
            name = f"x{millions:03d}/x{thousands:03d}/{units}" if millions else units
            name = f"x{thousands:03d}/{units}" if thousands and not millions else name
            partial = f".p/{len(group)}" if len(group) < 256 else ""
            tiles[f"tile/{level}/{name}{partial}"] = b"".join(group)
        hashes, level = [root_of(group) for group in groups if len(group) == 256], level + 1
    return tiles


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


class Signer:
    """A key whose bytes follow from a word, so that a test can be repeated."""

    def __init__(self, name: str, word: str = "the log's key", kind: int = 1) -> None:
        self.name, self.kind = name, kind
        self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(word.encode()).digest())
        self.public = self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def line(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def sign(self, body: str) -> str:
        return f"— {self.name} {encoded(self.key_id + self.private.sign(body.encode()))}\n"

    def cosign(self, body: str, seconds: int) -> str:
        signature = self.private.sign(f"cosignature/v1\ntime {seconds}\n".encode() + body.encode())
        return f"— {self.name} {encoded(self.key_id + seconds.to_bytes(8, 'big') + signature)}\n"


class MadeLog:
    """A log in memory: change its records, notes or clock as a forger would, then write it."""

    def __init__(self, log_id: str = "test", word: str = "the log's key") -> None:
        self.log_id, self.signer = log_id, Signer(f"strongroom/{log_id}", word)
        self.records: list[bytes] = []
        self.notes: dict[int, str] = {}
        self.time_us, self.offset_us, self.epoch = START_US, 0, 1
        self.previous = "0 -"
        self.add("sequencer_started", object={"type": "epoch", "id": "1", "version": 0})

    def add(self, action: str = "document_viewed", **changed: object) -> int:
        """Append a record; returns its index. A second passes every hundred records."""
        index = len(self.records)
        self.time_us += SECOND // 100
        record = {
            "log_id": self.log_id,
            "event_id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.log_id} {index}")),
            "time_us": self.time_us + self.offset_us,
            "boot_id": "3f8d0b5e-0000-4000-8000-000000000001",
            "monotonic_ns": (self.time_us - START_US + 50 * SECOND) * 1000,
            "actor": "clara",
            "actor_role": "clerk",
            "auth": "password",
            "address": "127.0.0.1",
            "session": "77aa",
            "request_id": "",
            "outcome": "done",
            "reason": "Größe",
            "action": action,
            "object": {"type": "document", "id": str(index), "version": 1},
            "digests": {},
            "commitments": {},
            **changed,
        }
        self.records.append(canonical(record))
        return index

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_of(record) for record in self.records]

    @property
    def newest(self) -> str:
        return self.notes[max(self.notes)]

    @property
    def now(self) -> int:
        return self.time_us + self.offset_us

    def body(self, size: int, root: bytes | None = None) -> str:
        root = root_of(self.leaves[:size]) if root is None else root
        head = f"{self.signer.name}\n{size}\n{encoded(root)}\n"
        return head + f"time {self.now}\nepoch {self.epoch}\nprevious {self.previous}\n"

    def body_of(self, size: int) -> str:
        """The body of a checkpoint that was signed."""
        return self.notes[size].rpartition("\n\n")[0] + "\n"

    def sign(self, *, is_recorded: bool = True) -> int:
        """Sign a checkpoint of the present size and, unless it is the newest, record it behind."""
        size, root = len(self.records), root_of(self.leaves)
        body = self.body(size, root)
        self.notes[size] = body + "\n" + self.signer.sign(body)
        digest = hashlib.sha256(body.encode()).hexdigest()
        self.previous = f"{size} {digest}"
        if is_recorded:
            self.record_checkpoint(size, root.hex(), digest)
        return size

    def record_checkpoint(self, size: int, root: str, body: str) -> int:
        subject = {"type": "checkpoint", "id": str(size), "version": 0}
        return self.add("checkpoint_signed", object=subject, digests={"root": root, "body": body})

    def change_key(self, word: str) -> int:
        """Rotate the key; returns the index of the record."""
        old, new = self.signer, Signer(self.signer.name, word)
        text = f"strongroom key change/v1\n{self.log_id}\n{old.line}\n{new.line}\n"
        digests = {"old_key": old.line, "new_key": new.line, "signature": encoded(old.private.sign(text.encode()))}
        index = self.add("log_key_changed", digests=digests)
        self.signer = new
        return index

    def files(self) -> dict[str, bytes]:
        """Every file of the log folder by name."""
        size, body = max(self.notes), self.newest.split("\n")
        made_us = int(body[3].split()[1])
        manifest = {"format": "strongroom-log/1", "log_id": self.log_id, "size": size, "made_us": made_us}
        files = {"manifest.json": canonical(manifest), **tiles_of(self.leaves[:size])}
        files |= {f"checkpoints/{size:012d}.note": note.encode() for size, note in self.notes.items()}
        for number, first in enumerate(range(0, len(self.records), 1000)):
            lines = [record + b"\n" for record in self.records[first : first + 1000]]
            files[f"entries/{number:06d}.jsonl"] = b"".join(lines)
        return files

    def selection(self, indexes: Sequence[int], *, is_complete: bool = False, **changed: object) -> dict[str, bytes]:
        """Every file of an export of some records."""
        size = max(self.notes)
        leaves = self.leaves[:size]
        manifest = {
            "format": "strongroom-selection/1",
            "log_id": self.log_id,
            "size": size,
            "filter": "everything",
            "first": min(indexes),
            "last": max(indexes),
            "count": len(indexes),
            "complete": int(is_complete),
            **changed,
        }
        proofs = [{"index": index, "path": encoded(b"".join(path_of(index, leaves)))} for index in indexes]
        files = {
            "manifest.json": canonical(manifest),
            "entries.jsonl": b"".join(self.records[index] + b"\n" for index in indexes),
            "proofs.jsonl": b"".join(canonical(proof) + b"\n" for proof in proofs),
        }
        digests = [hashlib.sha256(content).hexdigest() for content in files.values()]
        body = "\n".join([f"{self.signer.name} selection", *digests, ""])
        files["manifest.note"] = (body + "\n" + self.signer.sign(body)).encode()
        files["checkpoint.note"] = self.newest.encode()
        return files

    def proof(self, index: int) -> bytes:
        leaves = self.leaves[: max(self.notes)]
        steps = "".join(f"{encoded(step)}\n" for step in path_of(index, leaves))
        return f"c2sp.org/tlog-proof@v1\nindex {index}\n{steps}\n{self.newest}".encode()

    def consistency(self, old: int, new: int) -> bytes:
        steps = "".join(f"{encoded(step)}\n" for step in consistency_of(old, self.leaves[:new]))
        return f"strongroom-consistency/1\nfrom {old}\nto {new}\n{steps}".encode()


def made_log(size: int, *, every: int = 50, log_id: str = "test", is_ended: bool = True) -> MadeLog:
    """A log of `size` records that is in order, with a checkpoint after each `every` records and one at the end."""
    log = MadeLog(log_id)
    if size == 0:
        log.records.clear()
    while len(log.records) < size:
        if len(log.records) % every == 0:
            log.sign()
        else:
            log.add()
    if is_ended:
        log.sign(is_recorded=False)
    return log


def written(files: dict[str, bytes], folder: Path) -> Path:
    """The files in a folder that holds nothing else."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
