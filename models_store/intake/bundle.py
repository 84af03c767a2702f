"""A model of the store as one signed file, and back: the signature first, then every byte, then unpacking.

What a trusted box signed is still checked as anything that comes from outside.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from models_store.card import ModelCard, ModelState
from models_store.durable import PART, file_digest, rename
from models_store.errors import StoreError
from models_store.intake.bundle_layout import (
    ADAPTER,
    CARD,
    CHUNK,
    END,
    FORM,
    MANIFEST,
    MANIFEST_BYTES,
    MODEL,
    SIGNATURE,
    SIGNATURE_BYTES,
    WEIGHTS,
    Manifest,
    Member,
    filled,
    header,
    read_end,
    read_manifest,
    read_member,
    read_small,
)
from models_store.intake.check import inspect, inspect_adapter
from models_store.intake.errors import BundleBroken, SignerUnknown
from models_store.shelf import adapter_path, model_folder
from models_store.store import ARTIFACTS, add, add_adapter, model_path, read_card
from models_store.weights import add_weights, files_of_weights, weights_folder

_CARD_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is about to be written: `size` in bytes, and the `chunks` of the file, each read when it is asked for.

    Their last one is followed by a StoreError where a file was not the one that its digest names: the store's digests
    are signed, so that a large model begins to flow at once, and the files are held against them on the way.
    """

    size: int
    chunks: Iterator[bytes]


def make_bundle(digest: str, key: Ed25519PrivateKey, *, root: Path = ARTIFACTS, with_weights: bool = True) -> Bundle:
    """A model with its card, its adapter where it is kept by itself, and its trainable weights where they are wished.

    The same model and key give the same bytes. Raises StoreError.
    """
    sources = _sources(digest, root, with_weights=with_weights)
    card = read_card(digest, root=root)
    manifest = Manifest(
        form=FORM,
        model=digest,
        weights=card.weights if any(name.startswith(WEIGHTS) for name in sources) else "",
        signer=key.public_key().public_bytes_raw().hex(),
        members=tuple(
            Member(name=name, size=path.stat().st_size, sha256=expected) for name, (path, expected) in sources.items()
        ),
    )
    content = manifest.to_bytes()
    small = {MANIFEST: content, SIGNATURE: key.sign(content)}
    sizes = [len(data) for data in small.values()] + [member.size for member in manifest.members]
    size = sum(len(header("x", n)) + n + len(filled(n)) for n in sizes) + len(END)
    return Bundle(size, _chunks(small, [(member, sources[member.name][0]) for member in manifest.members]))


def write_bundle(bundle: Bundle, target: Path) -> None:
    """The file is whole or not there."""
    fresh = target.with_name(target.name + PART)
    with fresh.open("wb") as file:
        for chunk in bundle.chunks:
            file.write(chunk)
    rename(fresh, target)


def verify_bundle(path: Path, trusted: Collection[Ed25519PublicKey]) -> Manifest:
    """Reads all of it and writes nothing. Raises SignerUnknown or BundleBroken."""
    with path.open("rb") as file:
        manifest = _signed(file, trusted)
        for member in manifest.members:
            for _ in read_member(file, member):
                pass
        read_end(file)
    return manifest


def import_bundle(path: Path, trusted: Collection[Ed25519PublicKey], *, root: Path = ARTIFACTS) -> ModelCard:
    """Brings a verified bundle into the store, as imported. Raises IntakeError, StoreError or OSError."""
    manifest = verify_bundle(path, trusted)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".intake-", dir=root) as place:
        folder = Path(place)
        _unpack(path, trusted, folder)
        card = _card(folder, manifest)
        if (folder / ADAPTER).exists():
            inspect_adapter(folder / ADAPTER)
        if card.runs_on:
            add_adapter(folder / ADAPTER, card, root=root, state=ModelState.IMPORTED)
            return card
        inspect(folder / MODEL)
        if manifest.weights:
            inspect(folder / WEIGHTS)
            _keep_weights(folder / WEIGHTS, manifest, root)
        adapter = folder / ADAPTER if card.adapter_file else None
        add(folder / MODEL, card, root=root, state=ModelState.IMPORTED, adapter=adapter)
    return card


def read_public_key(path: Path) -> Ed25519PublicKey:
    """A file with 64 hexadecimal digits. Raises SignerUnknown."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except (ValueError, UnicodeDecodeError) as error:
        raise SignerUnknown(f"{path.name} holds no public key: 64 hexadecimal digits") from error


def _sources(digest: str, root: Path, *, with_weights: bool) -> dict[str, tuple[Path, str]]:
    """The files of a model and their SHA-256, by their names in a bundle."""
    card, card_file = read_card(digest, root=root), model_folder(digest, root) / CARD
    found = {CARD: (card_file, file_digest(card_file))}
    if not card.runs_on:
        found[MODEL] = model_path(digest, root=root), digest
    if card.adapter_file:
        found[ADAPTER] = adapter_path(digest, root=root), card.adapter_file
    if with_weights and card.weights:
        folder = weights_folder(card.weights, root)
        for name, expected in sorted(files_of_weights(card.weights, root=root).items()):
            found[WEIGHTS + name] = folder / name, expected
    return found


def _chunks(small: dict[str, bytes], members: list[tuple[Member, Path]]) -> Iterator[bytes]:
    for name, data in small.items():
        yield header(name, len(data)) + data + filled(len(data))
    for member, path in members:
        yield header(member.name, member.size)
        yield from _checked(member, path)
        yield filled(member.size)
    yield END


def _checked(member: Member, path: Path) -> Iterator[bytes]:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
            yield chunk
    if found.hexdigest() != member.sha256:
        raise StoreError(f"{member.name} is damaged: it hashes to {found.hexdigest()}.")


def _signed(file: BinaryIO, trusted: Collection[Ed25519PublicKey]) -> Manifest:
    """The manifest, after its signature. Raises SignerUnknown or BundleBroken."""
    content = read_small(file, MANIFEST, MANIFEST_BYTES)
    signature = read_small(file, SIGNATURE, SIGNATURE_BYTES)
    if not any(_has_signed(key, signature, content) for key in trusted):
        raise SignerUnknown("no trusted key made the signature")
    return read_manifest(content)


def _has_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _unpack(path: Path, trusted: Collection[Ed25519PublicKey], folder: Path) -> None:
    """Checks all of it again while it is written: the medium may have changed."""
    (folder / WEIGHTS).mkdir()
    with path.open("rb") as file:
        for member in _signed(file, trusted).members:
            with (folder / member.name).open("xb") as target:
                target.writelines(read_member(file, member))
        read_end(file)


def _card(folder: Path, manifest: Manifest) -> ModelCard:
    if (folder / CARD).stat().st_size > _CARD_BYTES:
        raise BundleBroken("the card is longer than a card is")
    try:
        card = ModelCard.model_validate_json((folder / CARD).read_bytes())
    except ValidationError as error:
        raise BundleBroken("the card is not one") from error
    if card.digest != manifest.model or manifest.weights not in ("", card.weights):
        raise BundleBroken("the card speaks of another model")
    needed = ADAPTER if card.runs_on else MODEL
    if not (folder / needed).is_file():
        raise BundleBroken(f"the bundle holds no {needed}")
    return card if manifest.weights else card.model_copy(update={"weights": ""})


def _keep_weights(folder: Path, manifest: Manifest, root: Path) -> None:
    found = add_weights(folder, root=root)
    if found != manifest.weights:
        raise BundleBroken(f"the trainable weights are {found}, the card says {manifest.weights}")
