"""Lists that run away: the fields behind them come back, and the rows stand once."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from extraction.answer import nested
from extraction.decode import read_answer
from extraction.language_model import Generation
from extraction.pipeline import extract
from extraction.prompt import Prompt
from extraction.runaway import RepeatWatch, without_surplus_rows
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.text_document import document_from_text
from tests.extraction.example_types import ITEMS
from tests.extraction.fakes import FakeLanguageModel, scripted

TEXT = "ACME Ltd\nTea  2.50\nCake  10.00\nTea  2.50\nTotal  15.00\n" + "-\n" * 60
"""With lines enough for a list to run away: it may have as many rows as there are lines."""
FIELDS = (FieldSpec(name="company"), ITEMS, FieldSpec(name="total", kind=Kind.AMOUNT))
BILL = DocumentTypeSpec(name="bill", fields=FIELDS)
TEA = {"description": "Tea", "amount": "2.50"}
CAKE = {"description": "Cake", "amount": "10.00"}


def looping(*rows: object, behind: dict[str, object]) -> FakeLanguageModel:
    """Never ends the list "line_items"; answers questions without it by `behind`."""
    start = b'{"company":"ACME Ltd","line_items":['
    row_texts = [json.dumps(row, separators=(",", ":")).encode() for row in rows]
    endless = start + b",".join(row_texts * 2000)
    short = json.dumps(behind, separators=(",", ":")).encode()

    def pick(so_far: bytes, legal: Sequence[int]) -> int:
        text = endless if len(model.prompts) == 1 else short
        assert text[len(so_far)] in legal
        return text[len(so_far)]

    model = FakeLanguageModel(pick)
    return model


def asked(prompt: Prompt) -> str:
    return str(prompt.segments[1])


@pytest.mark.parametrize("rows", [(TEA,), (CAKE, TEA), (TEA, CAKE, TEA)])
def test_fields_behind_a_looping_list_come_back(rows: tuple[dict[str, str], ...]) -> None:
    model = looping(*rows, behind={"total": "15.00"})
    answer = nested(extract(document_from_text(TEXT), BILL, model).values, BILL)
    assert (answer["company"], answer["total"]) == ("ACME Ltd", "15.00")
    assert [asked(prompt) for prompt in model.prompts] == [
        "company\nline_items[].description\nline_items[].amount\ntotal",
        "total",
    ]


def test_rows_stand_as_often_as_they_are_printed() -> None:
    model = looping(CAKE, TEA, behind={"total": "15.00"})
    answer = nested(extract(document_from_text(TEXT), BILL, model).values, BILL)
    assert answer["line_items"] == [CAKE, TEA, TEA]


def cut_off(model: FakeLanguageModel) -> list[tuple[str | int, ...]]:
    values = extract(document_from_text(TEXT), BILL, model).values
    return [value.path for value in values if "list_cut_off" in {reason.code for reason in value.reasons}]


def test_the_last_row_of_a_list_that_was_cut_says_that_rows_may_be_missing() -> None:
    assert cut_off(looping(CAKE, TEA, behind={"total": "15.00"})) == [("line_items", 2, "amount")]


def test_control_a_list_that_came_to_its_end_says_nothing() -> None:
    assert cut_off(scripted({"company": "ACME Ltd", "line_items": [CAKE, TEA], "total": "15.00"})) == []


def test_a_loop_is_ended_early() -> None:
    model = looping(TEA, behind={"total": None})
    lengths: list[int] = []
    generate = model.generate

    def counted(prompt: Prompt, grammar: str, **limits: object) -> Generation:
        generation = generate(prompt, grammar, **limits)
        lengths.append(len(generation.answer))
        return generation

    model.generate = counted  # type: ignore[method-assign]
    extract(document_from_text(TEXT), BILL, model)
    assert lengths[0] < 500


def test_a_usual_answer_costs_one_question() -> None:
    model = scripted({"company": "ACME Ltd", "line_items": [TEA, CAKE, TEA], "total": "15.00"})
    answer = nested(extract(document_from_text(TEXT), BILL, model).values, BILL)
    assert answer == {"company": "ACME Ltd", "line_items": [TEA, CAKE, TEA], "total": "15.00"}
    assert len(model.prompts) == 1


def test_a_long_list_of_different_rows_is_no_loop() -> None:
    lines = [f"item {n}  {n}.00" for n in range(40)]
    rows = [{"description": f"item {n}", "amount": f"{n}.00"} for n in range(40)]
    model = scripted({"company": None, "line_items": rows, "total": None})
    answer = nested(extract(document_from_text("\n".join(lines)), BILL, model).values, BILL)
    assert answer["line_items"] == rows
    assert len(model.prompts) == 1


def test_a_list_of_values_that_loops_is_cut_too() -> None:
    notes = DocumentTypeSpec(name="notes", fields=(FieldSpec(name="notes", many=True), FieldSpec(name="total")))

    def pick(so_far: bytes, legal: Sequence[int]) -> int:
        text = b'{"notes":[' + b'"Tea",' * 2000 if len(model.prompts) == 1 else b'{"total":"15.00"}'
        return text[len(so_far)]

    model = FakeLanguageModel(pick)
    answer = nested(extract(document_from_text(TEXT), notes, model).values, notes)
    assert answer == {"notes": ["Tea", "Tea"], "total": "15.00"}


def test_surplus_rows_are_counted_from_the_end() -> None:
    answer = json.dumps({"company": None, "line_items": [CAKE, CAKE, CAKE, TEA]}, separators=(",", ":")).encode()
    values = read_answer(Generation(answer[:-2], (), finished=False), FIELDS).values
    assert without_surplus_rows(values, TEXT) == values


def test_rows_without_a_quote_are_kept_once() -> None:
    empty = {"description": None, "amount": None}
    answer = json.dumps({"company": None, "line_items": [empty] * 5}, separators=(",", ":")).encode()
    values = read_answer(Generation(answer[:-2], (), finished=False), FIELDS).values
    rows = {value.path[1] for value in without_surplus_rows(values, TEXT) if len(value.path) == 3}
    assert rows == {0}


def test_the_watch_looks_now_and_then() -> None:
    answer = b'{"company":null,"line_items":[' + b'{"description":"Cake","amount":"10.00"},' * 8
    assert [RepeatWatch(FIELDS, TEXT)(answer[:size]) for size in (199, 200, 320)] == [False, True, True]
    watch = RepeatWatch(FIELDS, TEXT)
    assert [watch(answer[:150]), watch(answer[:200]), watch(answer[:320])] == [False, True, False]
