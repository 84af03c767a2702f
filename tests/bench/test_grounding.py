"""The measurement itself, on documents made on the spot: random weights stay grounded, the control does not."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from bench.grounding import FREE_STRING, RANDOM_SEED, FreeStrings, Tally, Task, measure, shortened
from extraction.grammar import build_grammar
from extraction.language_model_llama import LlamaCppModel
from extraction.pipeline import extract
from extraction.read import read_document
from extraction.shipped_types import shipped_type
from extraction.text_document import document_from_text
from models_store.starter.random_weights import export_random
from tests import samples
from tests.extraction.example_types import EVERYTHING, one_field
from tests.extraction.fakes import scripted, wandering

TEXT = "ACME Ltd\nDate 04/03/2024\nTea  2.50\nTotal  12.50"


def _tasks() -> list[Task]:
    files = {
        "invoice": samples.invoice_pdf(2),
        "lab_report": samples.letter_txt(),
        "contract": samples.contract_docx(),
        "receipt": samples.page_html(),
    }
    tasks = [Task(name, partial(read_document, content), shipped_type(name)) for name, content in files.items()]
    return [*tasks, Task("broken", partial(read_document, samples.broken_pdf()), shipped_type("receipt"))]


@pytest.mark.model
def test_random_weights_stay_grounded_and_the_control_does_not(tmp_path: Path) -> None:
    with LlamaCppModel.load(export_random(tmp_path, seed=RANDOM_SEED), context_tokens=1024, threads=1) as model:
        tallies = measure(_tasks(), {"random": model})
        control = measure(_tasks()[:1], {"control": FreeStrings(model)})["control"]
    print(json.dumps({"random": tallies["random"].figures(), "control": control.figures()}))
    assert tallies["random"].is_perfect
    assert (tallies["random"].documents, tallies["random"].refused) == (4, 1)
    assert control.values > 0
    assert control.figures()["verbatim"] < 1


def test_any_model_is_perfect_and_its_control_is_not() -> None:
    tasks = [Task(f"text {n}", partial(document_from_text, TEXT), EVERYTHING) for n in range(11)]
    tallies = measure(tasks, {"model": wandering(1), "control": FreeStrings(wandering(1))})
    assert tallies["model"].is_perfect
    assert tallies["model"].documents == 11
    assert tallies["control"].documents == 2
    assert tallies["control"].figures()["verbatim"] < 0.5


def test_the_control_changes_nothing_but_the_strings() -> None:
    free = FreeStrings(scripted({"value": "not there"}))
    generation = extract(document_from_text(TEXT), one_field(), free)
    assert [(value.raw, value.span) for value in generation.values] == [("not there", None)]
    assert FREE_STRING not in build_grammar(one_field(), TEXT)


def test_a_value_from_elsewhere_is_counted() -> None:
    tally = Tally()
    foreign = extract(document_from_text("Other Inc"), one_field(), scripted({"value": "Other Inc"}))
    tally.add(document_from_text(TEXT), one_field(), foreign)
    assert tally.figures() == {
        "documents": 1,
        "refused": 0,
        "schema_valid": 1.0,
        "values": 1,
        "verbatim": 0.0,
        "boxed": 1.0,
    }
    assert not tally.is_perfect


def test_nothing_measured_is_not_perfect() -> None:
    assert not Tally().is_perfect


def test_a_document_is_cut_to_its_first_words() -> None:
    document = document_from_text("a b c\fd e f\fg")
    assert shortened(document, 4).flat_text == "a b c d"
    assert [page.number for page in shortened(document, 3).pages] == [1]
    assert shortened(document, 0) == document
