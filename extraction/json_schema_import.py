"""JSON Schema -> document type. A documented subset; what is outside of it is refused with a sentence, never guessed.

Understood: object with properties, array of strings, numbers or objects, string (format date, date-time, email),
number, integer, boolean, enum, const, null beside any of them, anyOf or oneOf with null, local $ref, title,
description, required. Limits on the value itself (pattern, minimum, maxLength ...) are left out: values are quoted
as printed.
Everything else (allOf, not, if, prefixItems, remote $ref ...) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from extraction.errors import SchemaError
from extraction.json_schema import KEYWORD, Schema
from extraction.schema import MAX_DEPTH, MAX_FIELDS, DocumentTypeSpec, FieldSpec, Kind, NormalForm

_UNDERSTOOD = {"type", "properties", "items", "enum", "const", "format", "required", "title", "description", "anyOf"}
_UNDERSTOOD |= {"oneOf", "$ref", "$defs", "definitions", "additionalProperties", KEYWORD}
_LEFT_OUT = {"$schema", "$id", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly", "$anchor"}
_LEFT_OUT |= {"pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
_LEFT_OUT |= {"multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"}
_MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class _Node:
    """A schema without references and alternatives. `nullable`: null is allowed beside the type."""

    schema: Mapping[str, Any]
    type: str
    nullable: bool


@dataclass(slots=True)
class _Count:
    """Fields so far: references may name the same few properties again and again."""

    fields: int = 0

    def add(self, more: int) -> None:
        self.fields += more
        if self.fields > MAX_FIELDS:
            raise SchemaError(f"A document type may have {MAX_FIELDS} fields at most.")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where we are in the schema, for sentences and limits."""

    root: Mapping[str, Any]
    path: str = "the schema"
    depth: int = 1
    count: _Count = field(default_factory=_Count)

    def below(self, name: str) -> _Place:
        return replace(self, path=name if self.path == "the schema" else f"{self.path}.{name}")

    def deeper(self) -> _Place:
        return replace(self, depth=self.depth + 1)


def from_json_schema(schema: object) -> DocumentTypeSpec:
    """Raises SchemaError; its text says which field is the matter and why."""
    if not isinstance(schema, Mapping):
        raise SchemaError("A JSON Schema is an object.")
    root = _resolve(schema, schema, "the schema")
    if root.type != "object":
        raise SchemaError(f"The schema must describe an object with properties, not a value of type {root.type}.")
    own = _own(root.schema, "the schema")
    try:
        return DocumentTypeSpec(
            name=own.get("name") or _slug(str(schema.get("title", ""))),
            label=str(schema.get("title", "")),
            description=str(schema.get("description", "")),
            fields=_fields(root.schema, _Place(schema)),
            **{key: own[key] for key in ("rules", "languages", "date_order") if key in own},
        )
    except ValidationError as error:
        raise SchemaError(_first_complaint(error)) from error


def _fields(node: Mapping[str, Any], place: _Place) -> tuple[FieldSpec, ...]:
    if place.depth > MAX_DEPTH:
        raise SchemaError(f"{place.path}: fields may be nested {MAX_DEPTH} deep at most.")
    properties = node.get("properties", {})
    if not isinstance(properties, Mapping) or not properties:
        raise SchemaError(f"{place.path}: an object needs properties.")
    place.count.add(len(properties))
    wanted = node.get("required", [])
    if not isinstance(wanted, list):
        raise SchemaError(f"{place.path}: required must be a list of names.")
    return tuple(
        _field(name, child, place.below(name), is_required=name in wanted) for name, child in properties.items()
    )


def _field(name: str, schema: object, place: _Place, *, is_required: bool) -> FieldSpec:
    node = _resolve(schema, place.root, place.path)
    own = _own(node.schema, place.path)
    words = {"label": str(node.schema.get("title", "")), "description": str(node.schema.get("description", ""))}
    shape = _shape(node, place)
    shape |= {key: own[key] for key in ("kind", "normal_form") if key in own}
    required = own.get("required", False) if own else is_required and not node.nullable and node.type != "array"
    try:
        return FieldSpec(name=name, required=required, **words, **shape)
    except ValidationError as error:
        raise SchemaError(f"{place.path}: {_first_complaint(error)}") from error


def _shape(node: _Node, place: _Place) -> dict[str, Any]:
    """The arguments of FieldSpec that follow from the type."""
    match node.type:
        case "object":
            return {"kind": Kind.GROUP, "fields": _fields(node.schema, place.deeper())}
        case "array":
            return _list(node, place)
        case "enum":
            return {"kind": Kind.ENUM, "options": tuple(str(o) for o in node.schema["enum"] if o is not None)}
        case "boolean":
            return {"kind": Kind.BOOLEAN}
        case "number" | "integer":
            return {"kind": Kind.NUMBER}
        case "string" if node.schema.get("format") in ("date", "date-time"):
            return {"kind": Kind.DATE}
        case "string" if node.schema.get("format") == "email":
            return {"kind": Kind.TEXT, "normal_form": NormalForm.EMAIL}
        case "string":
            return {"kind": Kind.TEXT}
        case other:
            raise SchemaError(f"{place.path}: the type {other} cannot be extracted.")


def _list(node: _Node, place: _Place) -> dict[str, Any]:
    inside = replace(place, path=f"{place.path}[]")
    items = _resolve(node.schema.get("items"), place.root, inside.path)
    if items.type == "object":
        return {"kind": Kind.LIST, "fields": _fields(items.schema, inside.deeper())}
    shape = _shape(items, inside)
    if not shape["kind"].is_span or shape.get("many"):
        raise SchemaError(f"{place.path}: a list can hold texts, numbers or objects, not {items.type} values.")
    return {**shape, "many": True}


def _resolve(schema: object, root: Mapping[str, Any], where: str) -> _Node:
    """Follows $ref and takes null out of alternatives."""
    nullable = False
    for _ in range(_MOST_REFERENCES):
        if not isinstance(schema, Mapping):
            raise SchemaError(f"{where}: a schema must be an object.")
        _refuse_unknown(schema, where)
        rest = {key: value for key, value in schema.items() if key not in ("$ref", "anyOf", "oneOf")}
        if "$ref" in schema:
            schema = {**_referred(schema["$ref"], root, where), **rest}
        elif "anyOf" in schema or "oneOf" in schema:
            inner, has_null = _alternative(schema, where)
            nullable |= has_null
            schema = {**inner, **rest}
        else:
            return _typed(schema, where, nullable)
    raise SchemaError(f"{where}: its references lead to no end.")


def _refuse_unknown(schema: Mapping[str, Any], where: str) -> None:
    unknown = [key for key in schema if key not in _UNDERSTOOD | _LEFT_OUT]
    if unknown:
        raise SchemaError(f"{where}: the keyword {unknown[0]} is not supported.")
    if isinstance(schema.get("additionalProperties"), Mapping):
        raise SchemaError(f"{where}: additionalProperties with a schema is not supported; name every field.")


def _referred(reference: object, root: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise SchemaError(f"{where}: only references inside the same schema are followed, not {reference}.")
    node: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or key not in node:
            raise SchemaError(f"{where}: the reference {reference} leads nowhere.")
        node = node[key]
    if not isinstance(node, Mapping):
        raise SchemaError(f"{where}: the reference {reference} is no schema.")
    return node


def _alternative(schema: Mapping[str, Any], where: str) -> tuple[Mapping[str, Any], bool]:
    """The one alternative beside null."""
    options = schema.get("anyOf", schema.get("oneOf"))
    if not isinstance(options, list) or ("anyOf" in schema and "oneOf" in schema):
        raise SchemaError(f"{where}: anyOf and oneOf must be one list of schemas.")
    others = [option for option in options if option != {"type": "null"}]
    if len(others) != 1 or not isinstance(others[0], Mapping):
        raise SchemaError(f"{where}: anyOf and oneOf are supported for one type and null only.")
    return others[0], len(others) < len(options)


def _typed(schema: Mapping[str, Any], where: str, nullable: bool) -> _Node:
    if "const" in schema:
        schema = {**schema, "enum": [schema["const"]]}
    if "enum" in schema:
        options = schema["enum"]
        if not isinstance(options, list) or any(isinstance(option, dict | list) for option in options):
            raise SchemaError(f"{where}: enum must be a list of texts or numbers.")
        return _Node(schema, "enum", nullable or None in options)
    types = schema.get("type", _guess(schema))
    names = [types] if isinstance(types, str) else list(types) if isinstance(types, list) else []
    others = [name for name in names if name != "null"]
    if len(others) != 1 or not isinstance(others[0], str):
        raise SchemaError(f"{where}: exactly one type is needed, with or without null.")
    return _Node(schema, others[0], nullable or "null" in names)


def _guess(schema: Mapping[str, Any]) -> str | None:
    """The only type that its keywords make sense for."""
    return "object" if "properties" in schema else "array" if "items" in schema else None


def _own(schema: Mapping[str, Any], where: str) -> Schema:
    own = schema.get(KEYWORD, {})
    if not isinstance(own, dict):
        raise SchemaError(f"{where}: {KEYWORD} must be an object.")
    return own


def _slug(title: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")[:64]
    return name if re.match(r"[a-z]", name) else "imported"


def _first_complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
