"""The bytes of a bundle: a plain tar file, written in one way only.

    manifest.json, manifest.sig, card.json, model.gguf, adapter.gguf, weights/...

A model that is an adapter of another one comes without model.gguf.

Since there is one way, reading needs no parser of archives: each header must be, byte for byte, the one that would be
written for the name and size that the manifest says. Whatever else a tar can say is a refusal.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models_store.intake.errors import BundleBroken

FORM = "strongroom model bundle 1"
MANIFEST, SIGNATURE, CARD, MODEL, ADAPTER = "manifest.json", "manifest.sig", "card.json", "model.gguf", "adapter.gguf"
WEIGHTS = "weights/"
BLOCK, CHUNK = 512, 1 << 20
END = bytes(2 * BLOCK)
MANIFEST_BYTES = 1 << 20
SIGNATURE_BYTES = 64
_MEMBER = re.compile(r"(card\.json|model\.gguf|adapter\.gguf|weights/[A-Za-z0-9_][A-Za-z0-9._-]{0,79})")
_SIZE = slice(124, 136)


class Member(BaseModel):
    """A file of the bundle: its size in bytes and its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=rf"^{_MEMBER.pattern}$")
    size: int = Field(ge=0, lt=1 << 40)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """`model`: digest of model.gguf, or of the adapter over its model. `weights`: digest of the trainable weights, ""
    where they are not inside. `signer`: the public key (hex) of the box that made the bundle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str = Field(pattern=f"^{FORM}$")
    model: str = Field(pattern=r"^[0-9a-f]{64}$")
    weights: str = Field(pattern=r"^([0-9a-f]{64})?$")
    signer: str = Field(pattern=r"^[0-9a-f]{64}$")
    members: tuple[Member, ...] = Field(min_length=2, max_length=512)

    def to_bytes(self) -> bytes:
        return self.model_dump_json(indent=1).encode() + b"\n"


def header(name: str, size: int) -> bytes:
    """The tar header of a member: no owner, no time."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(format=tarfile.GNU_FORMAT)


def filled(size: int) -> bytes:
    """What follows `size` bytes up to the next block."""
    return bytes(-size % BLOCK)


def read_small(file: BinaryIO, name: str, most: int) -> bytes:
    """A member whose size is not known before. Raises BundleBroken."""
    untrusted = file.read(BLOCK)
    try:
        size = int(untrusted[_SIZE].rstrip(b"\0"), 8)
    except ValueError as error:
        raise BundleBroken(f"{name} is not where it should be") from error
    if size > most or untrusted != header(name, size):
        raise BundleBroken(f"{name} is not where it should be")
    content = file.read(size)
    _expect(file, filled(size), f"{name} is cut off")
    return content


def read_manifest(untrusted: bytes) -> Manifest:
    """Raises BundleBroken."""
    try:
        manifest = Manifest.model_validate_json(untrusted)
    except ValidationError as error:
        raise BundleBroken("the manifest is not one") from error
    names = [member.name for member in manifest.members]
    if len(set(names)) != len(names) or CARD not in names or not {MODEL, ADAPTER} & set(names):
        raise BundleBroken("the manifest names a member twice, or no card and model")
    return manifest


def read_member(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The bytes of a member as they come; at its end it is certain that they are the right ones.

    Raises BundleBroken.
    """
    _expect(file, header(member.name, member.size), f"{member.name} is not where it should be")
    digest, missing = hashlib.sha256(), member.size
    while missing:
        chunk = file.read(min(CHUNK, missing))
        if not chunk:
            raise BundleBroken(f"{member.name} is cut off")
        digest.update(chunk)
        missing -= len(chunk)
        yield chunk
    if digest.hexdigest() != member.sha256:
        raise BundleBroken(f"{member.name} is not the file that was signed")
    _expect(file, filled(member.size), f"{member.name} is cut off")


def read_end(file: BinaryIO) -> None:
    """Raises BundleBroken when anything follows."""
    if file.read(len(END) + 1) != END:
        raise BundleBroken("the bundle does not end where it should")


def _expect(file: BinaryIO, wanted: bytes, why: str) -> None:
    if file.read(len(wanted)) != wanted:
        raise BundleBroken(why)
