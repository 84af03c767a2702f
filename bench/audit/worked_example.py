"""The worked example of docs/audit-format.md: a log of three records, with every hash and signature.

    python -m bench.audit.worked_example [--out FOLDER]

Prints the text that stands in the page, and with `--out` writes the log folder that it describes, to be checked with
strongroom_verify.py. Written from the page with nothing but hashes and Ed25519; every key follows from a word.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOG_ID = "example"
ORIGIN = f"strongroom/{LOG_ID}"
TIMES_US = (1_790_000_000_000_000, 1_790_000_007_250_000, 1_790_000_060_000_000)
COSIGNED_S = 1_790_000_120
BOOT_US = 50_000_000


@dataclass(frozen=True)
class Signer:
    name: str
    kind: int
    word: str

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(_sha256(self.word.encode()))

    @property
    def public(self) -> bytes:
        return bytes([self.kind]) + self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return _sha256(self.name.encode() + b"\n" + self.public)[:4]

    @property
    def line(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(self.public)}"

    @property
    def fingerprint(self) -> str:
        digest = _sha256(self.line.encode()).hex()
        return " ".join(digest[place : place + 4] for place in range(0, 64, 4))

    def signed(self, message: bytes, before: bytes = b"") -> str:
        return f"— {self.name} {_base64(self.key_id + before + self.private.sign(message))}\n"


LOG = Signer(ORIGIN, 1, "worked example, log")
WITNESS = Signer("olga", 4, "worked example, witness")


@dataclass(frozen=True)
class Example:
    """Three records and two checkpoints: of size 2, which record 2 tells of, and of size 3, counter-signed."""

    records: tuple[bytes, bytes, bytes]
    old_note: str
    new_note: str

    @property
    def leaves(self) -> list[bytes]:
        return [_sha256(b"\x00" + record) for record in self.records]

    @property
    def pair(self) -> bytes:
        """The node over the leaves 0 and 1, which is the root of size 2."""
        return _sha256(b"\x01" + self.leaves[0] + self.leaves[1])

    @property
    def root(self) -> bytes:
        return _sha256(b"\x01" + self.pair + self.leaves[2])

    def files(self) -> dict[str, bytes]:
        manifest = {"format": "strongroom-log/1", "log_id": LOG_ID, "made_us": TIMES_US[2] + 60_000_000, "size": 3}
        return {
            "manifest.json": _canonical(manifest),
            "entries/000000.jsonl": b"".join(record + b"\n" for record in self.records),
            "tile/0/000.p/3": b"".join(self.leaves),
            "checkpoints/000000000002.note": self.old_note.encode(),
            "checkpoints/000000000003.note": self.new_note.encode(),
        }


def example() -> Example:
    start = _record(0, "sequencer_started", {"type": "epoch", "id": "1", "version": 0}, {})
    document = {"type": "document", "id": "5f0c1d52-8a3e-4a57-9d0e-2f4b6c1a7e90", "version": 0}
    viewed = _record(1, "document_viewed", document, {})
    old_root = _sha256(b"\x01" + _sha256(b"\x00" + start) + _sha256(b"\x00" + viewed))
    old_body = _body(2, old_root, TIMES_US[2], "0 -")
    digest = _sha256(old_body.encode()).hex()
    subject = {"type": "checkpoint", "id": "2", "version": 0}
    told = _record(2, "checkpoint_signed", subject, {"body": digest, "root": old_root.hex()})
    new_root = _sha256(b"\x01" + old_root + _sha256(b"\x00" + told))
    new_body = _body(3, new_root, TIMES_US[2] + 60_000_000, f"2 {digest}")
    cosigned = f"cosignature/v1\ntime {COSIGNED_S}\n{new_body}".encode()
    witnessed = WITNESS.signed(cosigned, COSIGNED_S.to_bytes(8, "big"))
    old_note = f"{old_body}\n{LOG.signed(old_body.encode())}"
    return Example((start, viewed, told), old_note, f"{new_body}\n{LOG.signed(new_body.encode())}{witnessed}")


def text(made: Example) -> str:
    """What the page shows."""
    first, second, third = (record.decode() for record in made.records)
    leaves = [leaf.hex() for leaf in made.leaves]
    path = [_base64(step) for step in (made.leaves[0], made.leaves[2])]
    lines = [
        *("the log's key, and its fingerprint", LOG.line, LOG.fingerprint, ""),
        *("the witness's key", WITNESS.line, ""),
        *("record 0", first, f"leaf {leaves[0]}", ""),
        *("record 1", second, f"leaf {leaves[1]}", ""),
        *(f"node over 0 and 1, root of size 2: {made.pair.hex()}", ""),
        *("checkpoints/000000000002.note", made.old_note),
        *("record 2", third, f"leaf {leaves[2]}", ""),
        *(f"root of size 3: {made.root.hex()}", ""),
        *("checkpoints/000000000003.note", made.new_note),
        *("manifest.json", made.files()["manifest.json"].decode(), ""),
        *(
            "proof of record 1 in size 3",
            "c2sp.org/tlog-proof@v1",
            "index 1",
            *path,
            "",
            "(the checkpoint as above)",
            "",
        ),
        *("proof that size 3 continues size 2", "strongroom-consistency/1", "from 2", "to 3", path[1], ""),
    ]
    return "\n".join(lines)


def _record(index: int, action: str, subject: dict[str, object], digests: dict[str, str]) -> bytes:
    is_act = action == "document_viewed"
    return _canonical(
        {
            "log_id": LOG_ID,
            "event_id": f"00000000-0000-4000-8000-00000000000{index}",
            "time_us": TIMES_US[index],
            "boot_id": "3f8d0b5e-9f0a-4a0e-9c55-0d6f3c1b2a99",
            "monotonic_ns": (TIMES_US[index] - TIMES_US[0] + BOOT_US) * 1000,
            "actor": "clara" if is_act else "system",
            "actor_role": "clerk" if is_act else "system",
            "auth": "password" if is_act else "none",
            "address": "127.0.0.1" if is_act else "",
            "session": "77aa01c4be00f1d2" if is_act else "",
            "request_id": "",
            "action": action,
            "outcome": "done",
            "reason": "the place of Größe on the page" if is_act else "",
            "object": subject,
            "digests": digests,
            "commitments": {},
        }
    )


def _body(size: int, root: bytes, when_us: int, previous: str) -> str:
    return f"{ORIGIN}\n{size}\n{_base64(root)}\ntime {when_us}\nepoch 1\nprevious {previous}\n"


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    made = example()
    for name, content in made.files().items() if wanted.out else ():
        (wanted.out / name).parent.mkdir(parents=True, exist_ok=True)
        (wanted.out / name).write_bytes(content)
    print(text(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
