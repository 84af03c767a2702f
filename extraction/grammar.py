"""The one grammar builder: (document type, text of the window) -> Lark text for llguidance.

The answer is compact JSON in the order of the schema. Keys and punctuation are forced. A text-like value is null or a
verbatim span of the text; enums and booleans are closed; rows are counted. Nothing else can be decoded, by any model.

    start: "{\\"date\\":" digits ",\\"sex\\":" option_1 "}"
    digits: "null" | "\\"" DIGITS "\\""
    DIGITS: SPAN & /([^ ]+ ){0,5}[^ ]+/ & /...a digit.../
    SPAN: %regex {"substring_chunks": [...]}

Lengths are counted in words: counting characters makes the automaton too large for long texts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.spans import units

GRAMMAR_VERSION = "1"
MAX_ROWS = 200
MAX_WORDS = {"TEXT": 60, "CODE": 8, "DIGITS": 6}
_WIDE_TEXT = " ".join(str(number) for number in range(2 * MAX_ROWS))
_TERMINAL = {
    Kind.TEXT: "TEXT",
    Kind.IDENTIFIER: "CODE",
    Kind.DATE: "DIGITS",
    Kind.AMOUNT: "DIGITS",
    Kind.NUMBER: "DIGITS",
}
_WITH_DIGIT = r" & /([^\\0-9]|\\[^u]|\\u[0-9a-f]{4})*\p{Nd}.*/"
"""A digit outside of an escape such as \\u0001."""


def build_grammar(document_type: DocumentTypeSpec, text: str, *, lines: int = MAX_ROWS) -> str:
    """Lark text. `text` is what may be quoted: the words of the window joined by one blank. A list of groups has at
    most as many rows as the window has `lines`, a list of values as many as it has words, both at most MAX_ROWS."""
    most = _Most(rows=max(1, min(lines, MAX_ROWS)), values=max(1, min(text.count(" ") + 1, MAX_ROWS)))
    return "\n".join([f"start: {_group(document_type.fields, most)}", *_terminals(text), ""])


def widest_grammar(document_type: DocumentTypeSpec) -> str:
    """The most that a window can ask for: lists at their full length, and a text to quote with every kind of span."""
    return build_grammar(document_type, _WIDE_TEXT)


def digest_of(grammar: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(grammar.encode()).hexdigest()


def grammar_digest() -> str:
    """SHA-256 of what decides the grammar's form, apart from the schema and the document."""
    caps = json.dumps(MAX_WORDS, sort_keys=True)
    return hashlib.sha256(f"strongroom grammar {GRAMMAR_VERSION} {MAX_ROWS} {caps} {_WITH_DIGIT}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Most:
    """How long lists may be."""

    rows: int
    values: int


def _group(fields: Sequence[FieldSpec], most: _Most) -> str:
    """An object with all its keys in order."""
    parts = []
    for index, spec in enumerate(fields):
        parts += [_literal(f'{"," if index else "{"}"{spec.name}":'), _value(spec, most)]
    return " ".join([*parts, _literal("}")])


def _value(spec: FieldSpec, most: _Most) -> str:
    match spec.kind:
        case Kind.GROUP:
            return _group(spec.fields, most)
        case Kind.LIST:
            return _rows(f"({_group(spec.fields, most)})", most.rows)
        case Kind.ENUM:
            return _one_of([*(json.dumps(option, ensure_ascii=False) for option in spec.options), "null"])
        case Kind.BOOLEAN:
            return _one_of(["true", "false", "null"])
        case _:
            rule = _TERMINAL[spec.kind].lower()
            return _rows(f"{rule}_span", most.values) if spec.many else rule


def _rows(row: str, most: int) -> str:
    more = f'("," {row}){{0,{most - 1}}} ' if most > 1 else ""
    return f'("[]" | "[" {row} {more}"]")'


def _one_of(literals: Sequence[str]) -> str:
    return f"({' | '.join(_literal(literal) for literal in literals)})"


def _literal(text: str) -> str:
    """A Lark string that matches `text` as it stands."""
    return json.dumps(text, ensure_ascii=False)


def _terminals(text: str) -> list[str]:
    """One rule for each kind of span. A kind that the text cannot serve is always null."""
    digits = re.search(r"\d", text) is not None
    lines = [f"SPAN: %regex {json.dumps({'substring_chunks': _chunks(text)}, ensure_ascii=False)}"] if text else []
    for name, words in MAX_WORDS.items():
        rule = name.lower()
        if not text or (name == "DIGITS" and not digits):
            lines += [f'{rule}: "null"', f'{rule}_span: "null"']
            continue
        extra = _WITH_DIGIT if name == "DIGITS" else ""
        lines.append(f'{rule}: "null" | {rule}_span')
        lines.append(f'{rule}_span: "\\"" {name} "\\""')
        lines.append(f"{name}: SPAN & /([^ ]+ ){{0,{words - 1}}}[^ ]+/{extra}")
    return lines


def _chunks(text: str) -> list[str]:
    """The units as they stand inside a JSON string. Each is escaped by itself, so no escape can be cut in two."""
    clean = text.encode("utf-8", "replace").decode()
    return [json.dumps(unit, ensure_ascii=False)[1:-1] for unit in units(clean)]
