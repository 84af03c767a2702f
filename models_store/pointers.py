"""Which model is in force: one pointer for all documents, and one for each type that has an adapter of its own.

<root>/current.json   the model of all types
<root>/types.json     document type -> its own adapter, and the one before
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from models_store.durable import write_json
from models_store.errors import StoreError

POINTER, TYPE_POINTERS = "current.json", "types.json"
ALL_TYPES = ""


@dataclass(frozen=True)
class Pointer:
    """Digests of the model in force and of the one before, and since when (ISO 8601, UTC).

    Of one type, `production` is empty while the type goes with the model of all types, and so is `previous` where it
    did before.
    """

    production: str
    previous: str = ""
    since: str = ""


def read_pointer(*, root: Path, document_type: str = ALL_TYPES) -> Pointer | None:
    """None where nothing was ever put in force so. Raises StoreError when it cannot be read."""
    if document_type:
        return type_pointers(root=root).get(document_type)
    path = root / POINTER
    if not path.exists():
        return None
    try:
        return Pointer(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path.name}, which names the model in force, cannot be read.") from error


def type_pointers(*, root: Path) -> Mapping[str, Pointer]:
    """Those of the types that have, or had, an adapter of their own. Raises StoreError when they cannot be read."""
    path = root / TYPE_POINTERS
    if not path.exists():
        return {}
    try:
        return {str(name): Pointer(**fields) for name, fields in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StoreError(f"{path.name}, which names the adapters in force, cannot be read.") from error


def all_pointers(*, root: Path) -> Mapping[str, Pointer]:
    """By document type; "" is that of all types. Raises StoreError."""
    pointer = read_pointer(root=root)
    return {**({ALL_TYPES: pointer} if pointer else {}), **type_pointers(root=root)}


def answering(document_type: str, *, root: Path) -> tuple[str, Pointer | None]:
    """Who answers documents of a type: the type whose pointer counts ("": that of all types), and that pointer.

    The adapter of a type falls back on the one before it, or on the model of all types. Raises StoreError.
    """
    general = read_pointer(root=root)
    own = read_pointer(root=root, document_type=document_type) if document_type else None
    if own is None or not own.production:
        return ALL_TYPES, general
    previous = own.previous or (general.production if general else "")
    return document_type, Pointer(own.production, previous, own.since)


def write_pointer(pointer: Pointer, *, root: Path, document_type: str = ALL_TYPES) -> None:
    """The store must be locked for writing."""
    if not document_type:
        write_json(root / POINTER, asdict(pointer))
        return
    changed = {**type_pointers(root=root), document_type: pointer}
    write_json(root / TYPE_POINTERS, {name: asdict(one) for name, one in changed.items()})
