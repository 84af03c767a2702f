"""Models as signed bundles: the key of this box, the boxes that it trusts, bundles sent while they are read."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.registry.media import BUNDLE_ENDING
from appliance.retraining.registry.services import Asker, card_of
from models_store.intake.bundle import Bundle, make_bundle, read_public_key
from models_store.names import checked_name
from models_store.store import StoreError

_KEY, _TRUSTED = "bundle.key", "trusted-boxes"


@transaction.atomic
def begin_export(*, by: Asker, digest: str, with_weights: bool = True) -> Bundle:
    """Records the export, then gives the bytes, which are read when they are asked for.

    Raises NotInStore, or StoreError where the model is damaged.
    """
    card_of(digest)
    bundle = make_bundle(digest, signing_key(), root=settings.MODELS_STORE_ROOT, with_weights=with_weights)
    signer = public_text(signing_key().public_key())
    record(
        Action.MODEL_EXPORTED,
        subject=Subject("model", digest),
        reason=f"{bundle.size} bytes, signed by {signer[:16]}" + ("" if by else " (at the command line)"),
        evidence=Evidence(digests={"model": digest, "signer": signer}),
    )
    return bundle


def file_name(digest: str) -> str:
    """Of a bundle: the model's name where it can stand in a header, and the start of its digest."""
    try:
        name = checked_name(card_of(digest).name).replace(":", "-")
    except StoreError:
        name = "model"
    return f"{name}-{digest[:12]}{BUNDLE_ENDING}"


def signing_key() -> Ed25519PrivateKey:
    """The key with which this box signs bundles, made on first need; the log has keys of its own."""
    path = settings.KEYS_DIR / _KEY
    if not path.exists():
        _make_key(path)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def trusted_keys() -> list[Ed25519PublicKey]:
    """This box, and those whose public keys the operator put into the folder `trusted-boxes`. Raises SignerUnknown."""
    folder: Path = settings.KEYS_DIR / _TRUSTED
    return [signing_key().public_key(), *(read_public_key(path) for path in sorted(folder.glob("*.pub")))]


def public_text(key: Ed25519PublicKey) -> str:
    """64 hexadecimal digits, as another box wants to have it in a file."""
    return key.public_bytes_raw().hex()


def _make_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
    try:
        os.link(fresh, path)  # two that make a key at once: the first one stays
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
