"""Names that people give to models beside their cards' names: one file, name -> digest. A copy is one more name.

Two models cannot differ in their bytes and share a digest, so a copy needs no bytes of its own.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from models_store.durable import write_json, writing
from models_store.errors import StoreError
from models_store.shelf import ARTIFACTS, StoredModel, is_digest, list_models, read_card

NAMES = "names.json"
LEAST_DIGITS = 6
"""Of a digest, to mean a model."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")


def copy(digest: str, untrusted_name: str, *, root: Path = ARTIFACTS) -> str:
    """Gives a model one more name and returns it. Raises StoreError for a bad name or one that another model has."""
    name = checked_name(untrusted_name)
    with writing(root):
        read_card(digest, root=root)
        names = read_names(root=root)
        if names.get(name, digest) != digest:
            raise StoreError(f"The name {name} is taken by another model.")
        write_json(root / NAMES, {**names, name: digest})
    return name


def drop_name(name: str, *, root: Path = ARTIFACTS) -> None:
    """Takes a given name away; the model stays. Raises StoreError when nobody gave it."""
    with writing(root):
        names = read_names(root=root)
        if name not in names:
            raise StoreError(f"No model was given the name {name}.")
        write_json(root / NAMES, {other: digest for other, digest in names.items() if other != name})


def read_names(*, root: Path = ARTIFACTS) -> dict[str, str]:
    """All given names with their digests. Raises StoreError when the file cannot be read."""
    path = root / NAMES
    if not path.exists():
        return {}
    try:
        return {str(name): str(digest) for name, digest in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise StoreError(f"{NAMES}, which holds the names of models, cannot be read.") from error


def names_of(digest: str, *, root: Path = ARTIFACTS) -> tuple[str, ...]:
    """The names that were given to a model, in the order of the alphabet."""
    return tuple(sorted(name for name, named in read_names(root=root).items() if named == digest))


def resolve(untrusted_name: str, *, root: Path = ARTIFACTS) -> str:
    """The digest that is meant by a digest, its first digits, a given name or the name on a card.

    Raises StoreError when it fits none or several; a given name wins over a card's.
    """
    given = read_names(root=root).get(untrusted_name)
    if given is not None:
        return given
    models = list_models(root=root)
    found = [model.card.digest for model in models if _fits(model, untrusted_name)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(digest[:12] for digest in found)
    raise StoreError(f"Several models are called so: {listed}." if found else "No model of the store is called so.")


def checked_name(untrusted_name: str) -> str:
    """Raises StoreError for what is no name."""
    if not _NAME.fullmatch(untrusted_name) or is_digest(untrusted_name):
        raise StoreError("A name has up to 80 letters, digits, dots, dashes, colons or underlines, and is no digest.")
    return untrusted_name


def _fits(model: StoredModel, name: str) -> bool:
    return name == model.card.name or (len(name) >= LEAST_DIGITS and model.card.digest.startswith(name))
