"""Whatever the model does: the answer is JSON that fits the schema, and every text is quoted from the document."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.answer import nested
from extraction.grammar import build_grammar
from extraction.json_schema import validate_answer
from extraction.language_model import Limits
from extraction.pipeline import extract
from extraction.prompt import render
from extraction.records import Extraction, ReadDocument
from extraction.text_document import document_from_text
from tests.extraction.example_types import EVERYTHING, one_field
from tests.extraction.fakes import wandering

HOSTILE = [
    '"',
    "\\",
    "\\u0041",
    "\t",
    "\u2028",
    "\x01",
    "\u00a0",
    "🙂",
    "👩‍👩‍👧",
    "שלום",
    "مرحبا",
    "٣٤",
    "é",
    "e\u0301",
]
HOSTILE += [
    "<|json|>",
    '{"company":"x"}',
    "null",
    "\f",
    "\n",
    "  ",
    "x" * 3000,
    "12.50",
    "04/03/2024",
    "_",
    "-",
    "%",
    "\x7f",
]
TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), max_size=40).map(" ".join)
FUZZ = settings(max_examples=150)


def _stray_values(extraction: Extraction, document: ReadDocument) -> list[str]:
    """Text values that are not in the document, or have no place on a page."""
    strays = []
    for value in extraction.values:
        is_closed = value.path[0] in ("payment", "paid")
        if value.raw is None or is_closed:
            continue
        quoted = value.span and document.flat_text[value.span.start : value.span.end] == value.raw
        if not quoted or not value.regions or value.raw != value.raw.strip(" "):
            strays.append(value.raw)
    return strays


@FUZZ
@given(text=TEXTS, seed=st.integers(0, 2**32))
def test_any_model_gives_valid_quoted_values(text: str, seed: int) -> None:
    document = document_from_text(text)
    extraction = extract(document, EVERYTHING, wandering(seed))
    assert validate_answer(nested(extraction.values, EVERYTHING), EVERYTHING) == ()
    assert _stray_values(extraction, document) == []
    assert extraction.pages_covered == extraction.pages_total


@FUZZ
@given(text=TEXTS, seed=st.integers(0, 2**32))
def test_number_like_values_hold_a_digit_and_few_words(text: str, seed: int) -> None:
    document = document_from_text(text)
    (value,) = extract(document, one_field("date"), wandering(seed)).values
    assert value.raw is None or (re.search(r"\d", value.raw) and value.raw.count(" ") <= 5)


@FUZZ
@given(text=TEXTS, seed=st.integers(0, 2**32))
def test_a_finished_answer_is_json(text: str, seed: int) -> None:
    document = document_from_text(text)
    grammar = build_grammar(EVERYTHING, document.flat_text)
    generation = wandering(seed).generate(render(EVERYTHING, document.pages), grammar, limits=Limits(20_000))
    assert generation.finished
    assert list(json.loads(generation.answer)) == [spec.name for spec in EVERYTHING.fields]


def test_control_a_plain_string_grammar_leaves_the_document() -> None:
    document = document_from_text("ACME Ltd\nTotal 12.50")
    document_type = one_field()
    grammar = re.sub(r"(?m)^SPAN: .*$", r"SPAN: /[a-z ]{1,9}/", build_grammar(document_type, document.flat_text))
    strays = 0
    for seed in range(20):
        generation = wandering(seed).generate(render(document_type, document.pages), grammar, limits=Limits(200))
        value = json.loads(generation.answer)["value"]
        strays += value is not None and value not in document.flat_text
    assert strays > 5


def test_control_a_stray_value_is_counted() -> None:
    document = document_from_text("ACME Ltd")
    extraction = extract(document_from_text("Other Inc"), one_field(), wandering(3))
    assert _stray_values(extraction, document) == [value.raw for value in extraction.values if value.raw]
    assert len(_stray_values(extraction, document)) == 1
