"""What lies where in the store, and reading it. Changing it is in `store.py`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from models_store import pointers
from models_store.card import ModelCard, ModelState
from models_store.durable import file_digest
from models_store.errors import StoreError
from models_store.pointers import ALL_TYPES, Pointer

ARTIFACTS = Path(__file__).parent / "artifacts"
MODEL_FILE = "model.gguf"
ADAPTER_FILE = "adapter.gguf"
CARD = "card.json"
STATE = "state.json"
REMOVED = "removed"


@dataclass(frozen=True)
class StoredModel:
    """A model of the store with its place in life."""

    card: ModelCard
    state: ModelState


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What a model is loaded from. `adapter`: laid over the model; None where the model is a file by itself."""

    model: Path
    adapter: Path | None = None

    @property
    def size(self) -> int:
        """Bytes of what is this model's own: of an adapter without the model below it. Raises OSError."""
        return (self.adapter or self.model).stat().st_size


def current(*, root: Path = ARTIFACTS, document_type: str = ALL_TYPES) -> ModelCard | None:
    """The card of the model that answers documents of a type, or None when no model was ever promoted.

    Raises StoreError when it is damaged.
    """
    _, pointer = pointers.answering(document_type, root=root)
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
    """The model as a file. Raises StoreError for a digest that is not in the store, or is that of an adapter."""
    folder = model_folder(digest, root)
    if not (folder / CARD).is_file() or not (folder / MODEL_FILE).is_file():
        raise StoreError(f"There is no model {digest} in the store.")
    return folder / MODEL_FILE


def files_of(digest: str, *, root: Path = ARTIFACTS) -> ModelFiles:
    """Of a model or an adapter. Raises StoreError where one of them is not in the store."""
    card = read_card(digest, root=root)
    if not card.runs_on:
        return ModelFiles(model_path(digest, root=root))
    return ModelFiles(model_path(card.runs_on, root=root), adapter_path(digest, root=root))


def adapter_path(digest: str, *, root: Path = ARTIFACTS) -> Path:
    """What tuning changed in this model, as a file by itself. Raises StoreError where it is not kept."""
    path = model_folder(digest, root) / ADAPTER_FILE
    if not read_card(digest, root=root).adapter_file or not path.is_file():
        raise StoreError(f"The adapter of model {digest} is not kept by itself.")
    return path


def read_card(digest: str, *, root: Path = ARTIFACTS) -> ModelCard:
    """The card of one model. Raises StoreError when it is absent, unreadable or speaks of another model."""
    return _card(model_folder(digest, root) / CARD, digest)


def read_pointer(*, root: Path = ARTIFACTS, document_type: str = ALL_TYPES) -> Pointer | None:
    """Raises StoreError when it cannot be read."""
    return pointers.read_pointer(root=root, document_type=document_type)


def state_of(digest: str, *, root: Path = ARTIFACTS) -> ModelState:
    """Where a model stands; REMOVED where only its card is left."""
    known = pointers.all_pointers(root=root).values()
    if any(digest == pointer.production for pointer in known):
        return ModelState.PRODUCTION
    if any(digest == pointer.previous for pointer in known):
        return ModelState.PREVIOUS
    if tombstone(digest, root).exists():
        return ModelState.REMOVED
    path = model_folder(digest, root) / STATE
    return ModelState(json.loads(path.read_bytes())["state"]) if path.exists() else ModelState.IMPORTED


def verify(digest: str, *, root: Path = ARTIFACTS) -> None:
    """Reads all of the model again. Raises StoreError when it is not the one that the digest names."""
    card, files = read_card(digest, root=root), files_of(digest, root=root)
    _verify_file(files.model, card.runs_on or digest)
    if files.adapter:
        _verify_file(files.adapter, card.adapter_file)


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


def _verify_file(path: Path, digest: str) -> None:
    found = file_digest(path)
    if found != digest:
        raise StoreError(f"The weights of model {digest} are damaged: they hash to {found}.")
