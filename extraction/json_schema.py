"""Document type -> JSON Schema (2020-12) of its answer. The other way stands in `json_schema_import.py`.

The schema describes raw values: strings as printed, or null. What JSON Schema cannot say (kind, normal form, rules,
languages) stands under the keyword `x-strongroom`, so that an export can be imported again without loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from extraction.grammar import MAX_ROWS
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind, NormalForm

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEYWORD = "x-strongroom"
Schema = dict[str, Any]


def to_json_schema(document_type: DocumentTypeSpec) -> Schema:
    """The schema of the answer, as a plain dict."""
    own = document_type.model_dump(mode="json", include={"name", "rules", "languages", "date_order"})
    return {
        "$schema": DIALECT,
        **_words(document_type.label, document_type.description),
        **_object(document_type.fields),
        KEYWORD: own,
    }


def validate_answer(answer: object, document_type: DocumentTypeSpec) -> tuple[str, ...]:
    """What is wrong with an answer, one sentence each; empty when it fits the schema."""
    validator = Draft202012Validator(to_json_schema(document_type))
    return tuple(f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer))


def _object(fields: Sequence[FieldSpec]) -> Schema:
    return {
        "type": "object",
        "properties": {spec.name: _field(spec) for spec in fields},
        "required": [spec.name for spec in fields],
        "additionalProperties": False,
    }


def _field(spec: FieldSpec) -> Schema:
    own: Schema = {"kind": spec.kind.value}
    if spec.required:
        own["required"] = True
    if spec.normal_form is not NormalForm.NONE:
        own["normal_form"] = spec.normal_form.value
    return {**_words(spec.label, spec.description), **_shape(spec), KEYWORD: own}


def _shape(spec: FieldSpec) -> Schema:
    match spec.kind:
        case Kind.GROUP:
            return _object(spec.fields)
        case Kind.LIST:
            return {"type": "array", "items": _object(spec.fields)}
        case Kind.ENUM:
            return {"enum": [*spec.options, None]}
        case Kind.BOOLEAN:
            return {"type": ["boolean", "null"]}
        case _ if spec.many:
            return {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": MAX_ROWS}
        case _:
            return {"type": ["string", "null"], "minLength": 1}


def _words(label: str, description: str) -> Schema:
    words = {"title": label, "description": description}
    return {key: text for key, text in words.items() if text}
