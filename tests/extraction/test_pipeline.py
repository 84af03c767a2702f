from __future__ import annotations

import hashlib

import pytest

from extraction.answer import flat, nested
from extraction.digests import digests_of, engine_text, extraction_key, texts_behind
from extraction.errors import SchemaError
from extraction.pipeline import extract
from extraction.prompt import Mark
from extraction.records import Reading
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.text_document import document_from_text
from tests.extraction.example_types import ABSENT, EVERYTHING, one_field
from tests.extraction.fakes import FakeLanguageModel, scripted

RECEIPT = """ACME Ltd  No. 17-B
Date: 04.03.2024
Tea  2.50
Cake  10.00
Total amount  12.40
Paid  12.40"""
ANSWER = ABSENT | {
    "company": "ACME Ltd",
    "date": "04.03.2024",
    "total": "12.40",
    "number": "17-B",
    "payment": "cash",
    "paid": True,
    "notes": ["Tea", "Cake"],
    "line_items": [{"description": "Tea", "amount": "2.50"}, {"description": "Cake", "amount": "10.00"}],
}


def test_an_extraction_holds_what_the_model_said() -> None:
    extraction = extract(document_from_text(RECEIPT), EVERYTHING, scripted(ANSWER))
    assert nested(extraction.values, EVERYTHING) == ANSWER
    assert (extraction.pages_total, extraction.pages_covered, extraction.windows) == (1, 1, 1)


def test_normal_forms_stand_beside_the_raw_values() -> None:
    extraction = extract(document_from_text(RECEIPT), EVERYTHING, scripted(ANSWER, share=0.99))
    by_path = {value.path: value for value in extraction.values}
    date = by_path[("date",)]
    assert date.reading == Reading("2024-03-04", "date:dmy")
    assert date.alternatives == (Reading("2024-04-03", "date:mdy"),)
    assert [reason.code for reason in date.reasons] == ["ambiguous"]
    assert flat(nested(extraction.values, EVERYTHING, "normal"))[("line_items", 0, "amount")] == "2.50"
    assert by_path[("paid",)].reading == Reading("true", "boolean")


def test_a_broken_rule_is_said_in_words() -> None:
    extraction = extract(document_from_text(RECEIPT), EVERYTHING, scripted(ANSWER))
    (issue,) = extraction.issues
    assert issue.sentence == "The line items add up to 12.50, but the total amount says 12.40."


def test_a_value_is_drawn_where_its_label_stands() -> None:
    document = document_from_text(RECEIPT)
    extraction = extract(document, EVERYTHING, scripted(ANSWER))
    total = next(value for value in extraction.values if value.path == ("total",))
    assert total.occurrences == 2
    assert total.span
    assert document.flat_text[: total.span.start].endswith("Total amount ")


def test_confidence_is_the_product_of_the_choices_and_a_close_call_is_named() -> None:
    document_type = DocumentTypeSpec(name="t", fields=(FieldSpec(name="value", kind=Kind.ENUM, options=("a", "b")),))
    (value,) = extract(document_from_text("x"), document_type, scripted({"value": "b"}, share=0.52)).values
    assert value.confidence == pytest.approx(0.52**2)
    assert value.reasons[0].sentence == "Two readings were nearly as likely (0.52 / 0.48)."


def test_an_absent_value_says_why_it_matters() -> None:
    document_type = one_field(required=True, label="Company")
    extraction = extract(document_from_text("x"), document_type, scripted({"value": None}))
    assert [reason.code for reason in extraction.values[0].reasons] == ["required_missing"]
    assert [issue.sentence for issue in extraction.issues] == ["Company is required, but was not found."]


def test_a_document_without_words_gives_nulls_without_asking() -> None:
    model = scripted(ABSENT)
    extraction = extract(document_from_text(" \n "), EVERYTHING, model)
    assert nested(extraction.values, EVERYTHING) == ABSENT
    assert model.prompts == []
    assert extraction.pages_covered == extraction.pages_total == 1


def test_an_answer_that_is_cut_off_keeps_what_is_complete() -> None:
    lines = [f"line {n} " + "word " * 20 + "end" for n in range(25)]
    model = scripted({"value": lines}, context_tokens=6000)
    whole = extract(document_from_text("\n".join(lines)), one_field(many=True), model)
    assert [value.raw for value in whole.values] == lines

    model = scripted({"value": lines}, context_tokens=1600)
    cut = extract(document_from_text("\n".join(lines[:25])), one_field(many=True), model)
    assert [value.raw for value in cut.values] == lines[: len(cut.values)]
    assert 2 < len(cut.values) < 25


def test_long_documents_are_read_in_windows_and_merged() -> None:
    lines = [f"row {n} of the document is here" for n in range(200)]
    lines[150] = "Total 99.50"
    document = document_from_text("\f".join("\n".join(lines[n : n + 50]) for n in range(0, 200, 50)))

    model = scripted({"value": None}, context_tokens=600)
    extraction = extract(document, one_field("amount"), model)
    assert extraction.windows == len(model.prompts) > 4
    assert extraction.pages_covered == 4
    shown = " ".join(str(part) for prompt in model.prompts for part in prompt.segments)
    assert [n for n, line in enumerate(lines) if line not in shown] == []


def test_large_types_are_asked_in_parts() -> None:
    fields = tuple(FieldSpec(name=f"field_{n}", description="something " * 4) for n in range(30))
    document_type = DocumentTypeSpec(name="large", fields=fields)
    model = FakeLanguageModel(lambda _, legal: min(legal), context_tokens=512)
    extraction = extract(document_from_text("here"), document_type, model)
    assert [value.raw for value in extraction.values] == ["here"] * 30
    asked = [str(prompt.segments[1]).count("field_") for prompt in model.prompts]
    assert sum(asked) == 30
    assert len(asked) > 1


def test_a_field_that_no_context_holds_is_refused() -> None:
    with pytest.raises(SchemaError):
        extract(document_from_text("x"), one_field(description="long " * 100), scripted({}, context_tokens=128))


def test_the_schema_stands_before_the_document() -> None:
    model = scripted({"value": None})
    extract(document_from_text("hello"), one_field(description="what"), model)
    assert model.prompts[0].segments == (Mark.FIELDS, "value: what", Mark.DOCUMENT, "hello", Mark.JSON)


def test_the_key_changes_with_everything_that_makes_a_result() -> None:
    model = scripted({"value": None})
    digests = digests_of("reader", one_field(), model)
    others = [
        digests_of("reader 2", one_field(), model),
        digests_of("reader", one_field("date"), model),
        digests_of("reader", one_field(), scripted({}, context_tokens=99)),
    ]
    keys = {extraction_key("document", each) for each in (digests, *others)} | {extraction_key("other", digests)}
    assert len(keys) == 5
    assert extraction_key("document", digests) == extraction_key("document", digests_of("reader", one_field(), model))
    assert extract(document_from_text("x"), one_field(), model).digests.schema == digests.schema


def test_digests_are_those_of_the_texts_behind_them() -> None:
    model = scripted({"value": None})
    digests = digests_of("reader", one_field(), model)
    texts = texts_behind(model)
    assert {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()} == {
        "prompt": digests.prompt,
        "grammar": digests.grammar,
    }
    assert "context 4096 tokens" in texts["grammar"]
    assert engine_text(threads=2).startswith("llama-cpp-python ")
