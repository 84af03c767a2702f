"""What lies where in the store, and reading it. Changing it is in `store.py`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from models_store.card import ModelCard, ModelState
from models_store.durable import file_digest
from models_store.errors import StoreError

ARTIFACTS = Path(__file__).parent / "artifacts"
MODEL_FILE = "model.gguf"
ADAPTER_FILE = "adapter.gguf"
CARD = "card.json"
STATE = "state.json"
POINTER = "current.json"
REMOVED = "removed"


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


def removed_cards(*, root: Path = ARTIFACTS) -> list[ModelCard]:
    """Cards of models whose bytes are gone: results and other models still name them."""
    return [_card(path, path.stem) for path in sorted((root / REMOVED).glob("*.json"))]


def model_path(digest: str, *, root: Path = ARTIFACTS) -> Path:
    """The model as a file. Raises StoreError for a digest that is not in the store."""
    folder = model_folder(digest, root)
    if not (folder / CARD).is_file() or not (folder / MODEL_FILE).is_file():
        raise StoreError(f"There is no model {digest} in the store.")
    return folder / MODEL_FILE


def adapter_path(digest: str, *, root: Path = ARTIFACTS) -> Path:
    """What tuning changed in this model, as a file by itself. Raises StoreError where it is not kept."""
    path = model_folder(digest, root) / ADAPTER_FILE
    if not read_card(digest, root=root).adapter_file or not path.is_file():
        raise StoreError(f"The adapter of model {digest} is not kept by itself.")
    return path


def read_card(digest: str, *, root: Path = ARTIFACTS) -> ModelCard:
    """The card of one model. Raises StoreError when it is absent, unreadable or speaks of another model."""
    return _card(model_folder(digest, root) / CARD, digest)


def read_pointer(*, root: Path = ARTIFACTS) -> Pointer | None:
    path = root / POINTER
    if not path.exists():
        return None
    try:
        return Pointer(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path.name}, which names the model in force, cannot be read.") from error


def state_of(digest: str, *, root: Path = ARTIFACTS) -> ModelState:
    """Where a model stands; REMOVED where only its card is left."""
    pointer = read_pointer(root=root)
    if pointer and digest == pointer.production:
        return ModelState.PRODUCTION
    if pointer and digest == pointer.previous:
        return ModelState.PREVIOUS
    if tombstone(digest, root).exists():
        return ModelState.REMOVED
    path = model_folder(digest, root) / STATE
    return ModelState(json.loads(path.read_bytes())["state"]) if path.exists() else ModelState.IMPORTED


def verify(digest: str, *, root: Path = ARTIFACTS) -> None:
    """Reads all of the model again. Raises StoreError when it is not the one that the digest names."""
    found = file_digest(model_path(digest, root=root))
    if found != digest:
        raise StoreError(f"The weights of model {digest} are damaged: they hash to {found}.")


def model_folder(digest: str, root: Path) -> Path:
    if not is_digest(digest):
        raise StoreError("A model is named by 64 hexadecimal digits.")
    return root / digest


def tombstone(digest: str, root: Path) -> Path:
    """Where the card stays when the model is removed."""
    return root / REMOVED / f"{digest}.json"


def is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _card(path: Path, digest: str) -> ModelCard:
    try:
        card = ModelCard.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise StoreError(f"The card of model {digest} cannot be read.") from error
    if card.digest != digest:
        raise StoreError(f"The card of model {digest} speaks of {card.digest}.")
    return card
