"""Some 190 document types that are made to do harm: as JSON Schema, in the form of our own, or as no JSON at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Bomb:
    """A file that somebody tries to bring in."""

    name: str
    content: bytes


def schema_bombs() -> tuple[Bomb, ...]:
    """Always the same, in the same order."""
    made = [
        *_named("deep", _deep()),
        *_named("wide", _wide()),
        *_named("long", _long()),
        *_named("odd letters", _odd_letters()),
        *_named("twins", _twins()),
        *_named("references", _references()),
        *_named("numbers", _numbers()),
        *_named("patterns", _patterns()),
        *_named("keywords", _keywords()),
        *_named("wrong kinds", _wrong_kinds()),
        *_named("own form", _own_form()),
        *_named("no JSON", _no_json()),
    ]
    return tuple(made)


def _named(kind: str, contents: Iterator[object]) -> Iterator[Bomb]:
    for number, content in enumerate(contents):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        yield Bomb(f"{kind} {number}", data)


def _object(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties}


def _deep() -> Iterator[object]:
    for depth in (4, 8, 16, 64, 200):
        inside: Schema = TEXT
        rows: Schema = TEXT
        for _ in range(depth):
            inside = _object(a=inside)
            rows = {"type": "array", "items": _object(a=rows)}
        yield inside
        yield _object(a=rows)
    for depth in (900, 5_000, 100_000):
        yield b'{"properties":{"a":' * depth + b"{}" + b"}}" * depth
        yield b'{"type":"object","properties":{"a":{"enum":' + b"[" * depth + b"]" * depth + b"}}}"


def _wide() -> Iterator[object]:
    kinds: dict[str, Schema] = {
        "text": TEXT,
        "choice": {"enum": [f"option {number}" for number in range(100)]},
        "texts": {"type": "array", "items": TEXT},
        "rows": {"type": "array", "items": _object(a=TEXT)},
    }
    for kind, field in kinds.items():
        for count in (100, 101, 1_000) if kind == "choice" else (100, 101, 1_000, 10_000):
            yield _object(**{f"f{number}": field if count < 1_000 else TEXT for number in range(count)})
    nested = {f"f{number}": {"enum": [f"{number}-{o}-{'é' * 100}" for o in range(30)]} for number in range(97)}
    yield _object(a={"type": "array", "items": _object(b={"type": "array", "items": _object(**nested)})})
    for count in (100, 101, 10_000, 90_000):
        yield _object(a={"enum": [str(number) for number in range(count)]})


def _long() -> Iterator[object]:
    for length in (64, 65, 100_000):
        yield _object(**{"n" * length: TEXT})
    for key, most in (("title", 120), ("description", 500)):
        for length in (most, most + 1, 900_000):
            yield {**_object(a=TEXT), key: "t" * length}
            yield _object(a={**TEXT, key: "t" * length})
    for length in (120, 121, 900_000):
        yield _object(a={"enum": ["o" * length]})
    yield b" " * (1 << 20) + b"{}"


def _odd_letters() -> Iterator[object]:
    odd = (
        "\0",
        "\u202eslip",
        "\u2066",
        "a\nb: a second field",
        "\x1b[31m",
        "e" + "\u0301" * 100,
        "\U0001f9e8",
        "<img src=x>",
    )
    for letters in odd:
        yield _object(**{letters: TEXT})
        yield _object(a={**TEXT, "title": letters})
        yield _object(a={"enum": [letters, "b"]})
    yield b'{"type":"object","properties":{"a\\ud800":{"type":"string"}}}'
    yield b'{"type":"object","properties":{"a":{"type":"string","description":"\\udfff"}}}'
    yield b'\xef\xbb\xbf{"type":"object","properties":{"a":{"type":"string"}}}'
    yield '{"type":"object","properties":{"a":{"type":"string"}}}'.encode("utf-16")


def _twins() -> Iterator[object]:
    yield b'{"type":"object","properties":{"a":{"type":"string"},"a":{"type":"number"}}}'
    yield b'{"properties":{"a":{}},"properties":{"a":{"type":"string"}}}'
    yield _object(a={"enum": ["x", "x"]})
    yield _object(a={"enum": [1, "1", 1.0, True]})
    yield {"name": "twins", "fields": [{"name": "a"}, {"name": "a"}]}
    yield {"name": "twins", "fields": [{"name": "a"}] * 60_000}


def _references() -> Iterator[object]:
    yield _object(a={"$ref": "#"})
    yield _object(a={"$ref": "#/properties/a"})
    yield {**_object(a={"$ref": "#/$defs/A"}), "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}
    yield {
        **_object(a={"$ref": "#/$defs/A"}),
        "$defs": {"A": _object(**{f"f{n}": {"$ref": "#/$defs/A"} for n in "ab"})},
    }
    for length in (19, 21, 1_000):
        chain = {f"D{number}": {"$ref": f"#/$defs/D{number + 1}"} for number in range(length)}
        yield {**_object(a={"$ref": "#/$defs/D0"}), "$defs": {**chain, f"D{length}": TEXT}}
    for width in (9, 99, 5_000):  # each level names the next one `width` times: width^3 fields
        level = {f"f{number}": {"$ref": "#/$defs/Next"} for number in range(width)}
        last = _object(**{f"g{number}": TEXT for number in range(width)})
        yield {
            **_object(**{k: {"$ref": "#/$defs/Level"} for k in level}),
            "$defs": {"Level": _object(**level), "Next": last},
        }
    for address in ("https://example.org/a", "file:///etc/passwd", "#/" + "a/" * 100_000, "#/%00", "#anchor", ""):
        yield _object(a={"$ref": address})


def _numbers() -> Iterator[object]:
    for limits in ({"minItems": 5, "maxItems": 0}, {"maxItems": 10**9}, {"maxItems": -1}, {"minItems": 10**30}):
        yield _object(a={"type": "array", "items": TEXT, **limits})
    for bounds in ({"minLength": 5, "maxLength": 0}, {"maxLength": 10**9}, {"maxLength": 1e308}):
        yield _object(a={**TEXT, **bounds})
    for number in (b"1e999", b"NaN", b"-Infinity", b"9" * 5_000, b"1" + b"0" * 300, b"-0.0", b"1e-400"):
        yield b'{"type":"object","properties":{"a":{"enum":[' + number + b"]}}}"
    yield _object(a={"type": "number", "multipleOf": 0, "minimum": 10**40, "maximum": -(10**40)})


def _patterns() -> Iterator[object]:
    for pattern in (
        "(a+)+$",
        "a{5,0}",
        "(" * 60_000,
        "(?=(a+))",
        "[^]",
        "a{1,1000000000}",
        "\\p{L}{500}",
        "(a|a)*b",
        ".",
    ):
        yield _object(a={**TEXT, "pattern": pattern})


def _keywords() -> Iterator[object]:
    for key, value in {
        "allOf": [TEXT] * 20_000, "not": TEXT, "if": TEXT, "prefixItems": [TEXT], "patternProperties": {".*": TEXT},
        "propertyNames": TEXT, "dependentSchemas": {"a": TEXT}, "unevaluatedProperties": False, "$dynamicRef": "#a",
        "contains": TEXT, "anyOf": [TEXT] * 20_000, "oneOf": [], "const": {"a": {"b": 1}}, "no such word": 1,
    }.items():  # fmt: skip
        yield _object(a={key: value})


def _wrong_kinds() -> Iterator[object]:
    wrongs: tuple[Any, ...] = ([], 5, None, "a", True, {})
    for wrong in wrongs:
        yield {"type": "object", "properties": wrong}
        yield _object(a=wrong)
    yield {**_object(a=TEXT), "required": 5}
    yield {**_object(a=TEXT), "required": {"a": 1}}
    yield _object(a={"type": ["string"] * 50_000})
    yield _object(a={"type": "array", "items": [TEXT, TEXT]})
    yield {**_object(a=TEXT), "title": {"a": 1}}
    fields: tuple[Any, ...] = ([], {"kind": "bomb"}, {"kind": "list"}, {"normal_form": 5})
    for own in fields:
        yield _object(a={**TEXT, "x-strongroom": own})
    types: tuple[Schema, ...] = (
        {"rules": 5},
        {"rules": [{"rule": "sum"}] * 10_000},
        {"languages": ["en"] * 10_000},
        {"name": "A b"},
    )
    for own in types:
        yield {**_object(a=TEXT), "x-strongroom": own}


def _own_form() -> Iterator[object]:
    field: Schema = {"name": "a"}
    for _ in range(50):
        field = {"name": "a", "kind": "group", "fields": [field]}
    yield {"name": "deep", "fields": [field]}
    dates = [{"name": "a", "kind": "date"}, {"name": "b", "kind": "date"}]
    order = {"rule": "order", "earlier": "a", "later": "b"}
    for count in (50, 51, 10_000):
        yield {"name": "rules", "fields": dates, "rules": [order] * count}
    yield {"name": "parts", "fields": dates, "rules": [{"rule": "add", "parts": ["a"] * 50_000, "total": "b"}]}
    for tolerance in (b"1e999", b"NaN", b"-1", b'"1"', b"1e308"):
        yield (
            b'{"name":"t","fields":[{"name":"a","kind":"amount"},{"name":"b","kind":"amount"}],"rules":'
            b'[{"rule":"add","parts":["a","b"],"total":"a","tolerance":' + tolerance + b"}]}"
        )
    yield {"name": "x", "fields": []}
    yield {"name": "x", "fields": [{"name": "a", "kind": "enum", "options": []}]}
    yield {"name": "../../etc", "fields": [{"name": "a"}]}


def _no_json() -> Iterator[object]:
    yield from (b"", b"\xff\xfe\xfd", b"PK\x03\x04" + bytes(100), b"[" * 100_000, b'{"a":' * 100_000, b"null", b"[]")
