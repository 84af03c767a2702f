"""The tiny random model: it loads, it answers within the grammar, and it is made in seconds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction.grammar import build_grammar
from extraction.language_model import Limits
from extraction.language_model_llama import LlamaCppModel
from extraction.prompt import Mark, Prompt, document_segments, schema_segments
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.card import ModelCard
from models_store.starter.random_weights import export_random, read_header
from models_store.store import CARD, STARTER, STARTER_WEIGHTS, file_digest

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not (STARTER / STARTER_WEIGHTS).exists(), reason="the starter is not here"),
]
TEXT = "ACME Ltd\nDate: 12/03/2024\nTotal: 5.00"
RECEIPT = DocumentTypeSpec(
    name="receipt",
    fields=(FieldSpec(name="company"), FieldSpec(name="total", kind=Kind.AMOUNT), FieldSpec(name="date")),
)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_random(tmp_path_factory.mktemp("random"), seed=7)


def test_the_random_model_is_small_and_has_its_card(weights: Path) -> None:
    card = ModelCard.model_validate_json((weights.parent / CARD).read_bytes())
    assert card.digest == file_digest(weights)
    assert weights.stat().st_size < 2_500_000


def test_the_same_seed_gives_the_same_bytes(weights: Path, tmp_path: Path) -> None:
    assert export_random(tmp_path / "same", seed=7).read_bytes() == weights.read_bytes()
    assert export_random(tmp_path / "other", seed=8).read_bytes() != weights.read_bytes()


def test_the_vocabulary_is_the_starters(weights: Path) -> None:
    ours, theirs = (
        {e.key: e.value for e in read_header(path.read_bytes()) if e.key.startswith(b"tokenizer.")}
        for path in (weights, STARTER / STARTER_WEIGHTS)
    )
    assert ours == theirs


def test_a_file_that_is_no_gguf_is_refused() -> None:
    with pytest.raises(ValueError, match="not a GGUF"):
        read_header(b"PK\x03\x04" + bytes(40))


def test_even_random_weights_answer_within_the_grammar(weights: Path) -> None:
    with LlamaCppModel.load(weights, context_tokens=1024, threads=1) as model:
        prompt = Prompt((*schema_segments(RECEIPT), *document_segments([TEXT]), Mark.JSON))
        flat = " ".join(TEXT.split())
        answer = json.loads(model.generate(prompt, build_grammar(RECEIPT, flat), limits=Limits()).answer)
    assert list(answer) == ["company", "total", "date"]
    assert [value for value in answer.values() if value is not None and value not in flat] == []
