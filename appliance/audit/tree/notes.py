"""C2SP signed notes, public key lines and the body of a checkpoint: texts in, texts out. See docs/audit-format.md."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG_KEY, WITNESS_KEY = 1, 4
_DASH = "— "


class BadNote(ValueError):
    """A text is no note, key line or checkpoint of the format."""


def origin_of(log_id: str) -> str:
    return f"strongroom/{log_id}"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`kind` is the type byte of the key: LOG_KEY or WITNESS_KEY; `raw` are the 32 bytes of Ed25519."""

    name: str
    kind: int
    raw: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand before each signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    @property
    def line(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.raw)}"

    @property
    def fingerprint(self) -> str:
        """For comparing by eye: SHA-256 over the line, in groups of four."""
        digest = hashlib.sha256(self.line.encode()).hexdigest()
        return " ".join(digest[place : place + 4] for place in range(0, 64, 4))

    @classmethod
    def parse(cls, line: str) -> PublicKey:
        """Raises BadNote."""
        name, _, rest = line.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        decoded = decoded_base64(encoded)
        if not name or len(decoded) != 33 or decoded[0] not in {LOG_KEY, WITNESS_KEY}:
            raise BadNote("This is no public key line of the format name+id+key.")
        key = cls(name, decoded[0], decoded[1:])
        if key.key_id.hex() != key_id:
            raise BadNote("The key line contradicts itself: the id in it does not belong to the key.")
        return key

    def signed(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """`blob` is what follows the four bytes of the key id."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def text(self) -> str:
        return f"{_DASH}{self.name} {_base64(self.key_id + self.blob)}"


@dataclass(frozen=True, slots=True)
class Note:
    """`body` ends with a line feed."""

    body: str
    signatures: tuple[SignatureLine, ...]

    @property
    def text(self) -> str:
        return self.body + "\n" + "".join(f"{line.text}\n" for line in self.signatures)

    @classmethod
    def parse(cls, text: str) -> Note:
        """Raises BadNote."""
        body, found, tail = text.rpartition("\n\n")
        if not found or not tail.endswith("\n"):
            raise BadNote("A signed note has a text, an empty line and signatures.")
        return cls(body + "\n", tuple(_signature_line(line) for line in tail[:-1].split("\n")))

    def is_signed_by(self, key: PublicKey) -> bool:
        """By the log itself."""
        return any(
            line.name == key.name and line.key_id == key.key_id and key.signed(line.blob, self.body.encode())
            for line in self.signatures
        )

    def cosigned_at(self, key: PublicKey) -> int | None:
        """When this witness signed, in seconds since 1970; None when no signature of it is valid."""
        for line in self.signatures:
            if line.name == key.name and line.key_id == key.key_id and len(line.blob) == 72:
                seconds = int.from_bytes(line.blob[:8], "big")
                if key.signed(line.blob[8:], cosignature_message(self.body, seconds)):
                    return seconds
        return None


def cosignature_message(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


@dataclass(frozen=True, slots=True)
class CheckpointBody:
    """`previous_digest` is the SHA-256 in hex of the body of the checkpoint before, "-" for the first one."""

    origin: str
    size: int
    root: bytes
    time_us: int
    epoch: int
    previous_size: int = 0
    previous_digest: str = "-"

    @property
    def text(self) -> str:
        lines = (self.origin, self.size, _base64(self.root), f"time {self.time_us}", f"epoch {self.epoch}")
        return "".join(f"{line}\n" for line in (*lines, f"previous {self.previous_size} {self.previous_digest}"))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def parse(cls, text: str) -> CheckpointBody:
        """Raises BadNote for anything that is not exactly what `text` would write."""
        lines = text.split("\n")
        try:
            origin, size, root, time_us, epoch, previous, end = lines
            _, previous_size, digest = previous.split(" ")
            times, epochs = time_us.removeprefix("time "), epoch.removeprefix("epoch ")
            body = cls(origin, int(size), decoded_base64(root), int(times), int(epochs), int(previous_size), digest)
        except ValueError as error:
            raise BadNote("This is no checkpoint of this format.") from error
        if end or body.text != text or len(body.root) != 32:
            raise BadNote("This is no checkpoint of this format.")
        return body


def _signature_line(line: str) -> SignatureLine:
    name, _, encoded = line.removeprefix(_DASH).rpartition(" ")
    decoded = decoded_base64(encoded)
    if not line.startswith(_DASH) or not name or len(decoded) < 5:
        raise BadNote("A line of the signatures is damaged.")
    return SignatureLine(name, decoded[:4], decoded[4:])


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def decoded_base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("A piece is not base64.") from error
    if _base64(raw) != text:
        raise BadNote("A piece is not base64 in its one spelling.")
    return raw
