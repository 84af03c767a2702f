"""Document types as files: our own JSON and JSON Schema, out and in."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from appliance.document_types.errors import NotATypeFile
from extraction.errors import SchemaError
from extraction.json_schema import to_json_schema
from extraction.json_schema_import import from_json_schema
from extraction.schema import DocumentTypeSpec

MAX_FILE_BYTES = 1024 * 1024


def json_schema_text(spec: DocumentTypeSpec) -> str:
    return _pretty(to_json_schema(spec))


def type_file(spec: DocumentTypeSpec) -> bytes:
    """Our own form; `read_type_file` makes the same type of it again."""
    return (type_text(spec) + "\n").encode()


def type_text(spec: DocumentTypeSpec) -> str:
    """Our own form as text for people: what is empty is left out."""
    return _pretty(_without_empty(spec.model_dump(mode="json")))


def read_type_file(content: bytes) -> DocumentTypeSpec:
    """Our JSON, or a JSON Schema of an object. Raises NotATypeFile, and SchemaError whose detail says what is wrong."""
    untrusted = _parsed(content)
    if "properties" in untrusted or "$schema" in untrusted:
        return from_json_schema(untrusted)
    try:
        return DocumentTypeSpec.model_validate(untrusted)
    except ValidationError as error:
        raise SchemaError(_first_problems(error)) from error


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_FILE_BYTES:
        raise NotATypeFile("larger than 1 MiB")
    try:
        untrusted = json.loads(content)
        # What cannot be written again cannot be stored or shown: halves of characters, numbers that are none.
        json.dumps(untrusted, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotATypeFile(f"not JSON: {error}") from error
    if not isinstance(untrusted, dict):
        raise NotATypeFile("JSON, but not an object")
    return untrusted


def _first_problems(error: ValidationError) -> str:
    """E.g. "fields[0].name: Field required; rules[1]: ..."; three at most, people mend one at a time."""
    entries = error.errors()
    said = [f"{_place(entry['loc'])}: {entry['msg'].removeprefix('Value error, ')}" for entry in entries[:3]]
    more = [f"and {len(entries) - 3} more"] if len(entries) > 3 else []
    return "; ".join(said + more)


def _place(loc: tuple[str | int, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".") or "the type"


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_empty(inner) for key, inner in value.items() if inner not in ("", []) and inner is not False
        }
    return [_without_empty(inner) for inner in value] if isinstance(value, list) else value


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
