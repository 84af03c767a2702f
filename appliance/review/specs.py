"""Finds the field of a document type that a path of the answer belongs to."""

from __future__ import annotations

from appliance.review.errors import UnknownField
from extraction.records import ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec


def spec_at(document_type: DocumentTypeSpec, path: ValuePath) -> FieldSpec:
    """Numbers of rows are passed over. Raises UnknownField."""
    fields, found = document_type.fields, None
    for name in (part for part in path if isinstance(part, str)):
        found = next((spec for spec in fields if spec.name == name), None)
        if found is None:
            raise UnknownField
        fields = found.fields
    if found is None:
        raise UnknownField
    return found
