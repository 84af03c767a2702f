"""A type's grammar is compiled in a process that is thrown away; what cannot be compiled within bounds is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from extraction import grammar_check
from extraction.errors import SchemaError, SchemaTooCostly
from extraction.grammar import MAX_ROWS, build_grammar, widest_grammar
from extraction.grammar_check import compile_widest, refuse_untried, widest_digest
from extraction.grammar_child import BOUNDS
from extraction.schema import MAX_FIELDS, MAX_OPTIONS, DocumentTypeSpec, FieldSpec, Kind
from extraction.shipped_types import shipped_types
from extraction.throwaway import ChildStoppedError, ask
from tests.extraction.example_types import EVERYTHING, one_field


def nested(depth: int, inside: tuple[FieldSpec, ...]) -> DocumentTypeSpec:
    """Lists inside each other, past the caps where `depth` is large: built without the model's checks."""
    fields = inside
    for _ in range(depth):
        fields = (FieldSpec.model_construct(name="rows", kind=Kind.LIST, fields=fields),)
    return DocumentTypeSpec.model_construct(name="nested", fields=fields, rules=(), languages=("en",))


def largest() -> DocumentTypeSpec:
    """As large as the caps allow: two lists around fields with as many long options as there may be."""
    options = [tuple(f"{field}-{number}-{'é' * 120}"[:120] for number in range(MAX_OPTIONS)) for field in range(98)]
    inside = tuple(FieldSpec(name=f"f{n}", kind=Kind.ENUM, options=told) for n, told in enumerate(options))
    return DocumentTypeSpec.model_validate(nested(2, inside).model_dump())


@pytest.mark.parametrize("document_type", [EVERYTHING, *shipped_types()], ids=lambda spec: spec.name)
def test_what_the_product_ships_compiles(document_type: DocumentTypeSpec) -> None:
    compiled = compile_widest(document_type)
    assert compiled.digest == widest_digest(document_type)
    assert compiled.seconds < BOUNDS.processor_seconds


def test_the_largest_type_that_the_caps_allow_compiles_with_room_to_spare() -> None:
    compiled = compile_widest(largest())
    assert sum(len(spec.fields) for spec in largest().fields) <= MAX_FIELDS
    assert compiled.seconds < BOUNDS.processor_seconds / 2
    assert compiled.memory_bytes < BOUNDS.memory_bytes / 2


def test_no_window_asks_for_more_than_was_tried() -> None:
    """Lists are shorter or as long in a window's grammar, and the kinds of spans are the same or fewer."""
    widest = widest_grammar(EVERYTHING).split("\nSPAN")[0]
    assert f"{{0,{MAX_ROWS - 1}}}" in widest
    for text, lines in (("", 0), ("word", 1), ("a 1 " * 2000, 5000)):
        assert len(build_grammar(EVERYTHING, text, lines=lines).split("\nSPAN")[0].split("\ntext:")[0]) <= len(widest)


def test_control_without_the_caps_a_type_dies_in_the_process() -> None:
    """Ten lists inside each other: past the caps, so the process refuses to read it, and here it is given the text."""
    with pytest.raises(ChildStoppedError):
        ask("tests.extraction.grammar_bomb", b"18", BOUNDS)
    assert ask("tests.extraction.grammar_bomb", b"2", BOUNDS) == b"compiled"


def test_a_type_whose_compiling_dies_is_refused_with_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar_check, "BOUNDS", replace(BOUNDS, wall_seconds=0.01))
    with pytest.raises(SchemaTooCostly, match=r"one: not done after 0\.01 seconds") as refused:
        compile_widest(one_field())
    assert refused.value.code == "schema_too_costly"
    assert isinstance(refused.value, SchemaError)
    assert "Split it" in refused.value.next_step


@pytest.mark.parametrize(
    "answer",
    [b"", b"[]", b"compiled", b'{"digest":"a","seconds":1,"memory_bytes":1}', b'{"seconds":1e999}'],
    ids=["nothing", "a list", "a word", "no digest", "no number"],
)
def test_an_answer_that_is_none_is_refused(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar_check, "ask", lambda *_: answer)
    with pytest.raises(SchemaTooCostly, match="cannot be read"):
        compile_widest(one_field())


def test_another_grammar_than_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = json.dumps({"digest": "0" * 64, "seconds": 0.1, "memory_bytes": 5}).encode()
    monkeypatch.setattr(grammar_check, "ask", lambda *_: answer)
    with pytest.raises(SchemaTooCostly, match="another grammar"):
        compile_widest(one_field())


def test_a_worker_tries_only_what_was_not_tried_before(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(grammar_check, "compile_widest", lambda spec: tried.append(spec.name))
    known, unknown = one_field(Kind.DATE), one_field(Kind.AMOUNT)

    refuse_untried(known, widest_digest(known))
    assert tried == []
    refuse_untried(unknown, "")
    refuse_untried(unknown, "")
    assert tried == ["one"], "once in the life of a worker"
