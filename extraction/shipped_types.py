"""The document types that come with the product: one JSON file each under `document_types/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from extraction.schema import DocumentTypeSpec

FOLDER = Path(__file__).parent / "document_types"


@cache
def shipped_types() -> tuple[DocumentTypeSpec, ...]:
    """Every shipped type, in order of name. Raises pydantic's ValidationError where a file breaks the schema."""
    files = sorted(FOLDER.glob("*.json"))
    return tuple(DocumentTypeSpec.model_validate_json(file.read_bytes()) for file in files)


def shipped_type(name: str) -> DocumentTypeSpec:
    """The shipped type of this name. Raises KeyError where there is none."""
    return {spec.name: spec for spec in shipped_types()}[name]
