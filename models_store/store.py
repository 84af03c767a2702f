"""Keeping model files: add, remove, name, and move the pointer to the one in force. Reading them is in `shelf.py`.

Every function takes the store's folder as `root`. A file appears under its final name only when it is complete and on
disk, so a crash at any moment leaves the old state or the new one. One process writes at a time: a lock on the root.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from extraction.language_model import adapted_digest
from models_store.card import ModelCard, ModelState
from models_store.disk_use import DiskUse, disk_use
from models_store.durable import copy_file, file_digest, to_disk, write_json, writing
from models_store.errors import StoreError
from models_store.names import NAMES, copy, drop_name, names_of, read_names, resolve
from models_store.pointers import ALL_TYPES, POINTER, Pointer, answering, type_pointers, write_pointer
from models_store.shelf import (
    ADAPTER_FILE,
    ARTIFACTS,
    CARD,
    MODEL_FILE,
    STATE,
    ModelFiles,
    StoredModel,
    adapter_path,
    current,
    files_of,
    list_models,
    model_folder,
    model_path,
    read_card,
    read_pointer,
    removed_cards,
    state_of,
    tombstone,
    verify,
)
from models_store.weights import add_weights, weights_folder

__all__ = [
    "ALL_TYPES", "ARTIFACTS", "CARD", "MODEL_FILE", "POINTER", "STARTER", "STARTER_WEIGHTS", "STATE", "DiskUse",
    "ModelFiles", "Pointer", "StoreError", "StoredModel", "adapter_path", "add", "add_adapter", "answering", "copy",
    "current", "disk_use", "drop_name", "file_digest", "files_of", "install_starter", "list_models", "model_path",
    "names_of", "promote", "read_card", "read_names", "read_pointer", "remove", "removed_cards", "resolve",
    "set_state", "state_of", "type_pointers", "verify", "why_kept",
]  # fmt: skip

STARTER = Path(__file__).parent / "starter"
STARTER_WEIGHTS = "model.q8_0.gguf"
KEPT_STATES = (ModelState.IMPORTED, ModelState.CANDIDATE, ModelState.RETIRED)


def add(
    weights: Path,
    card: ModelCard,
    *,
    root: Path = ARTIFACTS,
    state: ModelState = ModelState.IMPORTED,
    adapter: Path | None = None,
) -> str:
    """Copies a model into the store and returns its digest; one that is already there stays as it is.

    `adapter`: what tuning changed, as a file by itself; the card names it as `adapter_file`. Where none is given the
    card that is kept names none. Raises StoreError when the files are not the ones the card names.
    """
    if adapter is None:
        card = card.model_copy(update={"adapter_file": ""})
    with writing(root):
        folder = model_folder(card.digest, root)
        if not (folder / CARD).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            copy_file(weights, folder / MODEL_FILE, expected=card.digest)
            if adapter is not None:
                copy_file(adapter, folder / ADAPTER_FILE, expected=card.adapter_file)
            _complete(folder, card, root, state)
        return card.digest


def add_adapter(
    adapter: Path, card: ModelCard, *, root: Path = ARTIFACTS, state: ModelState = ModelState.IMPORTED
) -> str:
    """Copies an adapter into the store, to serve one type of documents over the model that its card names.

    Returns the digest of both together. Raises StoreError where the model below is not here, or the card is wrong.
    """
    if not card.document_type or card.digest != adapted_digest(card.runs_on, card.adapter_file):
        raise StoreError(f"The card of {card.name} does not say what the adapter is laid over, or which type it reads.")
    model_path(card.runs_on, root=root)
    with writing(root):
        folder = model_folder(card.digest, root)
        if not (folder / CARD).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            copy_file(adapter, folder / ADAPTER_FILE, expected=card.adapter_file)
            _complete(folder, card, root, state)
        return card.digest


def remove(digest: str, *, root: Path = ARTIFACTS, protect_bases: bool = True) -> int:
    """Deletes a model and returns the bytes that it took; its card stays for the lineage of what it made.

    Its trainable weights go with it when no other model came from them. Raises StoreError for a model in force, the
    one before it, and, while `protect_bases`, one from which another was made.
    """
    with writing(root):
        card = read_card(digest, root=root)
        if reason := why_kept(digest, root=root, protect_bases=protect_bases):
            raise StoreError(f"Model {digest} is not removed: {reason}.")
        folder, place = model_folder(digest, root), tombstone(digest, root)
        place.parent.mkdir(exist_ok=True)
        write_json(place, card.model_dump(mode="json"))
        # Without its card a model does not exist; what is left after a crash is only disk space.
        (folder / CARD).unlink()
        to_disk(folder)
        names = {name: named for name, named in read_names(root=root).items() if named != digest}
        write_json(root / NAMES, names)
        return _delete(folder) + _delete_unused_weights(card, root)


def why_kept(digest: str, *, root: Path = ARTIFACTS, protect_bases: bool = True) -> str:
    """Why a model must not be removed, as the end of a sentence; empty when it may be."""
    state = state_of(digest, root=root)
    if state is ModelState.PRODUCTION:
        return "it is in force"
    if state is ModelState.PREVIOUS:
        return "it is the one to go back to"
    models = list_models(root=root)
    above = [model.card for model in models if model.card.runs_on == digest]
    if above:
        return f"{above[0].name} ({above[0].digest[:12]}) is an adapter that needs it"
    children = [model.card for model in models if model.card.base == digest]
    if protect_bases and children:
        return f"{children[0].name} ({children[0].digest[:12]}) was made from it"
    return ""


def set_state(digest: str, state: ModelState, *, root: Path = ARTIFACTS) -> None:
    """Records imported, candidate or retired; production and previous follow from `promote` alone."""
    with writing(root):
        read_card(digest, root=root)
        write_json(model_folder(digest, root) / STATE, {"state": _kept(state)})


def promote(digest: str, *, root: Path = ARTIFACTS, document_type: str = ALL_TYPES) -> Pointer:
    """Puts a model in force after reading all its weights; the one before becomes `previous`.

    `document_type`: for documents of this type alone. Only an adapter that was made for it can be in force so; with any
    other model the type goes with all the others again. Raises StoreError.
    """
    verify(digest, root=root)
    with writing(root):
        card = read_card(digest, root=root)
        if card.runs_on and card.document_type != document_type:
            raise StoreError(f"{card.name} answers documents of the type {card.document_type} alone.")
        own = digest if card.runs_on or not document_type else ""
        before = read_pointer(root=root, document_type=document_type) or Pointer("")
        if before.production == own:
            return before
        if before.previous not in {"", own}:
            write_json(model_folder(before.previous, root) / STATE, {"state": ModelState.RETIRED})
        pointer = Pointer(own, before.production, datetime.now(UTC).isoformat(timespec="seconds"))
        write_pointer(pointer, root=root, document_type=document_type)
        return pointer


def install_starter(*, root: Path = ARTIFACTS, starter: Path = STARTER) -> ModelCard | None:
    """Copies the shipped model and its trainable weights in, and puts it in force when no other is.

    Returns None when none is shipped.
    """
    model, card_file = starter / STARTER_WEIGHTS, starter / CARD
    if not (model.is_file() and card_file.is_file()):
        return None
    try:
        card = ModelCard.model_validate_json(card_file.read_bytes())
    except ValidationError as error:
        raise StoreError("The card of the starter model cannot be read.") from error
    if (starter / "config.json").is_file():
        card = card.model_copy(update={"weights": add_weights(starter, root=root)})
    add(model, card, root=root)
    _name_weights(card, root)
    if read_pointer(root=root) is None:
        promote(card.digest, root=root)
    return card


def _name_weights(card: ModelCard, root: Path) -> None:
    """A starter that was installed before trainable weights were kept learns where they are."""
    with writing(root):
        known = read_card(card.digest, root=root)
        if known.weights != card.weights:
            completed = known.model_copy(update={"weights": card.weights})
            write_json(model_folder(card.digest, root) / CARD, completed.model_dump(mode="json"))


def _complete(folder: Path, card: ModelCard, root: Path, state: ModelState) -> None:
    """The card comes last: with it the model exists."""
    write_json(folder / STATE, {"state": _kept(state)})
    write_json(folder / CARD, card.model_dump(mode="json"))
    tombstone(card.digest, root).unlink(missing_ok=True)


def _kept(state: ModelState) -> str:
    if state not in KEPT_STATES:
        raise StoreError(f"{state} is not set on a model: promote it instead.")
    return state.value


def _delete_unused_weights(card: ModelCard, root: Path) -> int:
    others = {model.card.weights for model in list_models(root=root)}
    return 0 if card.weights in {"", *others} else _delete(weights_folder(card.weights, root))


def _delete(folder: Path) -> int:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    shutil.rmtree(folder, ignore_errors=True)
    return size
