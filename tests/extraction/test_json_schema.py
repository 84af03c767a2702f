from __future__ import annotations

from typing import Any

import pytest

from extraction.errors import SchemaError
from extraction.json_schema import to_json_schema, validate_answer
from extraction.json_schema_import import from_json_schema
from extraction.schema import DocumentTypeSpec, Kind, NormalForm
from extraction.shipped_types import shipped_types
from tests.extraction.example_types import ABSENT, EVERYTHING, one_field


@pytest.mark.parametrize("document_type", [EVERYTHING, *shipped_types()], ids=lambda t: t.name)
def test_an_export_can_be_imported_without_loss(document_type: DocumentTypeSpec) -> None:
    assert from_json_schema(to_json_schema(document_type)) == document_type


def test_the_schema_describes_the_answer() -> None:
    assert validate_answer(ABSENT, EVERYTHING) == ()
    full = ABSENT | {"company": "x", "paid": True, "notes": ["a"], "line_items": [{"description": "a", "amount": None}]}
    assert validate_answer(full, EVERYTHING) == ()


@pytest.mark.parametrize(
    "change", [{"company": ""}, {"company": 5}, {"payment": "cheque"}, {"notes": None}, {"more": 1}, {"paid": "true"}]
)
def test_control_another_answer_does_not_fit(change: dict[str, object]) -> None:
    assert len(validate_answer(ABSENT | change, EVERYTHING)) == 1


def _import(properties: dict[str, Any], **more: Any) -> DocumentTypeSpec:
    return from_json_schema({"type": "object", "properties": properties, **more})


FOREIGN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nullable text": ({"type": ["string", "null"]}, {"kind": Kind.TEXT}),
    "date": ({"type": "string", "format": "date"}, {"kind": Kind.DATE}),
    "number": ({"type": ["number", "null"], "minimum": 0}, {"kind": Kind.NUMBER}),
    "enum with null": ({"enum": ["a", "b", None]}, {"kind": Kind.ENUM, "options": ("a", "b")}),
    "const": ({"const": "a"}, {"kind": Kind.ENUM, "options": ("a",)}),
    "boolean": ({"type": "boolean"}, {"kind": Kind.BOOLEAN}),
    "optional of pydantic": ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"kind": Kind.TEXT}),
    "texts": ({"type": "array", "items": {"type": "string"}}, {"kind": Kind.TEXT, "many": True}),
    "email": ({"type": "string", "format": "email"}, {"kind": Kind.TEXT, "normal_form": NormalForm.EMAIL}),
    "group": ({"properties": {"a": {"type": "string"}}}, {"kind": Kind.GROUP}),
    "rows": ({"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}}, {"kind": "list"}),
    "reference": ({"$ref": "#/$defs/Day"}, {"kind": Kind.DATE, "description": "a day"}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_schema_is_mapped_to_kinds(name: str) -> None:
    schema, expected = FOREIGN[name]
    days = {"Day": {"type": "string", "format": "date", "description": "a day"}}
    (spec,) = _import({"value": schema}, **{"$defs": days}).fields
    assert {key: getattr(spec, key) for key in expected} == expected


def test_titles_and_required_are_kept() -> None:
    document_type = _import({"a": {"type": "string"}, "b": {"type": "string"}}, title="My Form 1", required=["a"])
    assert (document_type.name, document_type.label) == ("my_form_1", "My Form 1")
    assert [spec.required for spec in document_type.fields] == [True, False]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "remote": ({"$ref": "https://example.org/a.json"}, "value: only references inside the same schema are followed"),
    "dangling": ({"$ref": "#/$defs/None"}, "value: the reference #/$defs/None leads nowhere"),
    "circle": ({"$ref": "#/properties/value"}, "value: its references lead to no end"),
    "allOf": ({"allOf": [{"type": "string"}]}, "value: the keyword allOf is not supported"),
    "choice": (
        {"anyOf": [{"type": "string"}, {"type": "number"}]},
        "value: anyOf and oneOf are supported for one type",
    ),
    "types": ({"type": ["string", "number"]}, "value: exactly one type is needed"),
    "nothing": ({}, "value: exactly one type is needed"),
    "map": (
        {"type": "object", "additionalProperties": {"type": "string"}},
        "value: additionalProperties with a schema",
    ),
    "lists of lists": (
        {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        "value: a list can hold texts, numbers or objects, not array values",
    ),
    "bad enum": ({"enum": [{"a": 1}]}, "value: enum must be a list of texts or numbers"),
    "no text": ({"type": 5}, "value: exactly one type is needed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_understood_is_refused_in_words(name: str) -> None:
    schema, sentence = REFUSED[name]
    with pytest.raises(SchemaError) as refused:
        _import({"value": schema})
    assert refused.value.detail.startswith(sentence)


def test_a_schema_that_is_too_deep_is_refused() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(50):
        schema = {"type": "object", "properties": {"a": schema}}
    with pytest.raises(SchemaError, match="nested 3 deep"):
        from_json_schema(schema)


@pytest.mark.parametrize("schema", [[], "x", None, {"type": "string"}, {"type": "object"}, {"properties": {"a b": {}}}])
def test_what_is_no_object_schema_is_refused(schema: object) -> None:
    with pytest.raises(SchemaError):
        from_json_schema(schema)


@pytest.mark.parametrize("name", ["1st", "with blank", "a" * 65])
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(SchemaError):
        _import({name: {"type": "string"}})


def test_a_recursive_reference_is_too_deep() -> None:
    row = {"type": "object", "properties": {"child": {"$ref": "#/$defs/Row"}}}
    with pytest.raises(SchemaError, match="nested 3 deep"):
        _import({"value": {"$ref": "#/$defs/Row"}}, **{"$defs": {"Row": row}})


def test_a_plain_type_has_no_keyword_too_many() -> None:
    assert to_json_schema(one_field())["properties"]["value"] == {
        "type": ["string", "null"],
        "minLength": 1,
        "x-strongroom": {"kind": "text"},
    }
