"""The private half of a key: signs notes. Ed25519 by the package `cryptography`."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appliance.audit.tree.notes import (
    LOG_KEY,
    WITNESS_KEY,
    BadNote,
    Note,
    PublicKey,
    SignatureLine,
    cosignature_message,
    decoded_base64,
)

_PREFIX = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """`seed` are the 32 secret bytes. It has no repr, so that it does not get into a log by accident."""

    name: str
    kind: int
    seed: bytes

    @classmethod
    def new(cls, name: str, kind: int = LOG_KEY) -> SigningKey:
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, line: str) -> SigningKey:
        """Raises BadNote."""
        # A secret key line is a key line with the seed in the place of the public key: only the id is another's.
        name, _, rest = line.strip().removeprefix(_PREFIX).partition("+")
        key_id, _, encoded = rest.partition("+")
        secret = decoded_base64(encoded)
        if not line.startswith(_PREFIX) or len(secret) != 33 or secret[0] not in {LOG_KEY, WITNESS_KEY}:
            raise BadNote("This is no secret key line.")
        key = cls(name, secret[0], secret[1:])
        if key.public.key_id.hex() != key_id:
            raise BadNote("The secret key line contradicts itself: the id in it does not belong to the key.")
        return key

    def private_line(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.seed).decode("ascii")
        return f"{_PREFIX}{self.name}+{self.public.key_id.hex()}+{encoded}"

    @property
    def public(self) -> PublicKey:
        raw = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return PublicKey(self.name, self.kind, raw)

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def note(self, body: str) -> Note:
        """`body` ends with a line feed."""
        return Note(body, (SignatureLine(self.name, self.public.key_id, self.sign(body.encode())),))

    def cosignature(self, body: str, *, seconds: int) -> SignatureLine:
        """As a witness."""
        signature = self.sign(cosignature_message(body, seconds))
        return SignatureLine(self.name, self.public.key_id, seconds.to_bytes(8, "big") + signature)
