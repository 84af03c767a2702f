"""What every language model must do; run on the fake and on the real one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extraction.answer import nested
from extraction.errors import DecodingFailed, ModelUnavailable
from extraction.grammar import build_grammar
from extraction.json_schema import validate_answer
from extraction.language_model import LanguageModel, Limits
from extraction.language_model_llama import LlamaCppModel
from extraction.pipeline import extract
from extraction.prompt import Mark, Prompt, render
from extraction.text_document import document_from_text
from tests.extraction.example_types import EVERYTHING, one_field
from tests.extraction.fakes import FakeLanguageModel, wandering

STARTER = Path(__file__).resolve().parents[2] / "models_store" / "starter"
TEXTS = ("ACME Ltd\nTotal  12.50\n04/03/2024", "Other Inc\nSum 9.99 <|json|>", 'A \\ B "C"\n1 2 3')


@pytest.fixture(scope="module", params=["fake", pytest.param("llama.cpp", marks=pytest.mark.model)])
def model(request: pytest.FixtureRequest) -> Iterator[LanguageModel]:
    if request.param == "fake":
        yield FakeLanguageModel(lambda _, legal: legal[-1])
        return
    with LlamaCppModel.load(next(STARTER.glob("*.gguf")), context_tokens=1024, threads=1) as real:
        yield real


def test_every_answer_fits_the_schema_and_is_quoted(model: LanguageModel) -> None:
    for text in TEXTS:
        document = document_from_text(text)
        extraction = extract(document, EVERYTHING, model)
        assert validate_answer(nested(extraction.values, EVERYTHING), EVERYTHING) == ()
        assert [v.raw for v in extraction.values if v.span and v.raw not in document.flat_text] == []


def test_the_same_question_gives_the_same_answer_whatever_was_asked_before(model: LanguageModel) -> None:
    def ask(text: str) -> object:
        return extract(document_from_text(text), EVERYTHING, model)

    first = [ask(text) for text in TEXTS]
    again = [ask(text) for text in reversed(TEXTS)]
    extract(document_from_text(TEXTS[0]), one_field(), model)
    assert first == again[::-1] == [ask(text) for text in TEXTS]


def test_threads_take_turns(model: LanguageModel) -> None:
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda text: extract(document_from_text(text), one_field(), model), TEXTS))
    assert found == [extract(document_from_text(text), one_field(), model) for text in TEXTS]


def test_choices_are_shares_inside_of_the_answer(model: LanguageModel) -> None:
    document = document_from_text(TEXTS[0])
    grammar = build_grammar(EVERYTHING, document.flat_text, lines=3)
    generation = model.generate(render(EVERYTHING, document.pages), grammar, limits=Limits())
    assert generation.finished
    assert generation.choices
    for choice in generation.choices:
        assert 0 <= choice.start < choice.end <= len(generation.answer)
        assert 0 <= choice.runner_up <= choice.probability <= 1
        assert choice.probability + choice.runner_up <= 1 + 1e-9


def test_tokens_stand_one_behind_the_other_up_to_the_end_of_the_answer(model: LanguageModel) -> None:
    grammar = build_grammar(one_field(), TEXTS[0])
    prompt = render(one_field(), document_from_text(TEXTS[0]).pages)
    generation = model.generate(prompt, grammar, limits=Limits())
    assert len(generation.tokens) == len(generation.ends) == generation.answer_tokens
    assert list(generation.ends) == sorted(generation.ends)
    assert generation.ends[-1] == len(generation.answer)


def test_a_limit_cuts_the_answer_off(model: LanguageModel) -> None:
    document = document_from_text(TEXTS[0])
    grammar = build_grammar(EVERYTHING, document.flat_text)
    generation = model.generate(render(EVERYTHING, document.pages), grammar, limits=Limits(answer_tokens=1))
    assert not generation.finished


def test_a_broken_grammar_is_refused(model: LanguageModel) -> None:
    with pytest.raises(DecodingFailed):
        model.generate(Prompt((Mark.FIELDS, "a", Mark.DOCUMENT, "b", Mark.JSON)), "start: (", limits=Limits())


def test_a_mark_in_a_document_is_plain_text(model: LanguageModel) -> None:
    assert model.count_tokens("<|json|>") > 1
    assert model.count_tokens("") == 0


def test_the_digest_names_the_weights(model: LanguageModel) -> None:
    assert model.digest
    assert model.context_tokens > 0


def test_a_missing_file_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        LlamaCppModel.load(tmp_path / "none.gguf")


@pytest.mark.parametrize("content", [b"", b"GGUF", b"not a model" * 100])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelUnavailable):
        LlamaCppModel.load(path)


@pytest.mark.model
def test_a_prompt_larger_than_the_memory_is_refused() -> None:
    with LlamaCppModel.load(next(STARTER.glob("*.gguf")), context_tokens=64, threads=1) as real:
        prompt = Prompt((Mark.FIELDS, "value", Mark.DOCUMENT, "12 " * 500, Mark.JSON))
        with pytest.raises(DecodingFailed):
            real.generate(prompt, build_grammar(one_field(), "12"), limits=Limits())


def test_control_a_wandering_model_is_not_reproducible() -> None:
    document = document_from_text(TEXTS[0])
    answers = {str(extract(document, EVERYTHING, wandering(seed)).values) for seed in range(5)}
    assert len(answers) > 1
