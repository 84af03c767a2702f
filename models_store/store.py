"""Keeping model files: add, verify, list, and move the pointer to the one in force.

Every function takes the store's folder as `root`. A file appears under its final name only when it is complete and on
disk, so a crash at any moment leaves the old state or the new one. One process writes at a time: a lock on the root.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from models_store.card import ModelCard, ModelState

ARTIFACTS = Path(__file__).parent / "artifacts"
STARTER = Path(__file__).parent / "starter"
STARTER_WEIGHTS = "model.q8_0.gguf"
WEIGHTS = "model.gguf"
CARD = "card.json"
STATE = "state.json"
POINTER = "current.json"
KEPT_STATES = (ModelState.IMPORTED, ModelState.CANDIDATE, ModelState.RETIRED)


class StoreError(Exception):
    """A model is missing, incomplete or not what its digest says. The message names the model."""


@dataclass(frozen=True)
class Pointer:
    """Which model is in force, which one was before, and since when (ISO 8601, UTC)."""

    production: str
    previous: str = ""
    since: str = ""


@dataclass(frozen=True)
class StoredModel:
    """A model of the store with its place in life."""

    card: ModelCard
    state: ModelState


def current(*, root: Path = ARTIFACTS) -> ModelCard | None:
    """The card of the model in force, or None when no model was ever promoted. Raises StoreError when it is damaged."""
    pointer = read_pointer(root=root)
    return read_card(pointer.production, root=root) if pointer else None


def list_models(*, root: Path = ARTIFACTS) -> list[StoredModel]:
    """Every complete model, the newest first."""
    digests = [folder.name for folder in root.iterdir() if (folder / CARD).is_file()] if root.is_dir() else []
    models = [StoredModel(read_card(digest, root=root), state_of(digest, root=root)) for digest in digests]
    return sorted(models, key=lambda model: (model.card.made_at, model.card.digest), reverse=True)


def model_path(digest: str, *, root: Path = ARTIFACTS) -> Path:
    """The weights as a file. Raises StoreError for a digest that is not in the store."""
    folder = _folder(digest, root)
    if not (folder / CARD).is_file() or not (folder / WEIGHTS).is_file():
        raise StoreError(f"There is no model {digest} in the store.")
    return folder / WEIGHTS


def read_card(digest: str, *, root: Path = ARTIFACTS) -> ModelCard:
    """The card of one model. Raises StoreError when it is absent, unreadable or speaks of another model."""
    try:
        card = ModelCard.model_validate_json((_folder(digest, root) / CARD).read_bytes())
    except (OSError, ValidationError) as error:
        raise StoreError(f"The card of model {digest} cannot be read.") from error
    if card.digest != digest:
        raise StoreError(f"The card of model {digest} speaks of {card.digest}.")
    return card


def read_pointer(*, root: Path = ARTIFACTS) -> Pointer | None:
    path = root / POINTER
    if not path.exists():
        return None
    try:
        return Pointer(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path.name}, which names the model in force, cannot be read.") from error


def state_of(digest: str, *, root: Path = ARTIFACTS) -> ModelState:
    pointer = read_pointer(root=root)
    if pointer and digest == pointer.production:
        return ModelState.PRODUCTION
    if pointer and digest == pointer.previous:
        return ModelState.PREVIOUS
    path = _folder(digest, root) / STATE
    return ModelState(json.loads(path.read_bytes())["state"]) if path.exists() else ModelState.IMPORTED


def verify(digest: str, *, root: Path = ARTIFACTS) -> None:
    """Reads all the weights again. Raises StoreError when they are not the ones the digest names."""
    found = file_digest(model_path(digest, root=root))
    if found != digest:
        raise StoreError(f"The weights of model {digest} are damaged: they hash to {found}.")


def add(weights: Path, card: ModelCard, *, root: Path = ARTIFACTS, state: ModelState = ModelState.IMPORTED) -> str:
    """Copies a model into the store and returns its digest; one that is already there stays as it is.

    Raises StoreError when the weights are not the ones the card names.
    """
    with _writing(root):
        folder = _folder(card.digest, root)
        if not (folder / CARD).is_file():
            _copy_weights(weights, folder, expected=card.digest)
            _write(folder / STATE, {"state": _kept(state)})
            _write(folder / CARD, card.model_dump(mode="json"))
        return card.digest


def set_state(digest: str, state: ModelState, *, root: Path = ARTIFACTS) -> None:
    """Records imported, candidate or retired; production and previous follow from `promote` alone."""
    with _writing(root):
        read_card(digest, root=root)
        _write(_folder(digest, root) / STATE, {"state": _kept(state)})


def promote(digest: str, *, root: Path = ARTIFACTS) -> Pointer:
    """Puts a model in force after reading all its weights; the one before becomes `previous`. Raises StoreError."""
    verify(digest, root=root)
    with _writing(root):
        before = read_pointer(root=root)
        if before and before.production == digest:
            return before
        if before and before.previous not in {"", digest}:
            _write(_folder(before.previous, root) / STATE, {"state": ModelState.RETIRED})
        pointer = Pointer(digest, before.production if before else "", datetime.now(UTC).isoformat(timespec="seconds"))
        _write(root / POINTER, asdict(pointer))
        return pointer


def roll_back(*, root: Path = ARTIFACTS) -> Pointer:
    """Puts the previous model in force again. Raises StoreError when there is none."""
    pointer = read_pointer(root=root)
    if pointer is None or not pointer.previous:
        raise StoreError("There is no previous model to go back to.")
    return promote(pointer.previous, root=root)


def install_starter(*, root: Path = ARTIFACTS, starter: Path = STARTER) -> ModelCard | None:
    """Copies the shipped model in and puts it in force when no other is. Returns None when none is shipped."""
    weights, card_file = starter / STARTER_WEIGHTS, starter / CARD
    if not (weights.is_file() and card_file.is_file()):
        return None
    try:
        card = ModelCard.model_validate_json(card_file.read_bytes())
    except ValidationError as error:
        raise StoreError("The card of the starter model cannot be read.") from error
    add(weights, card, root=root)
    if read_pointer(root=root) is None:
        promote(card.digest, root=root)
    return card


def file_digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _folder(digest: str, root: Path) -> Path:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise StoreError("A model is named by 64 hexadecimal digits.")
    return root / digest


def _kept(state: ModelState) -> str:
    if state not in KEPT_STATES:
        raise StoreError(f"{state} is not set on a model: promote it instead.")
    return state.value


def _copy_weights(source: Path, folder: Path, *, expected: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{WEIGHTS}.part"
    shutil.copyfile(source, fresh)
    found = file_digest(fresh)
    if found != expected:
        fresh.unlink()
        raise StoreError(f"The file {source.name} hashes to {found}, its card says {expected}.")
    _to_disk(fresh)
    fresh.replace(folder / WEIGHTS)
    _to_disk(folder)


def _write(path: Path, content: object) -> None:
    fresh = path.with_name(f"{path.name}.part")
    fresh.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    _to_disk(fresh)
    fresh.replace(path)
    _to_disk(path.parent)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
