"""Training tokens are the engine's tokens, for every kind of vocabulary that customers bring."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sentencepiece
from llama_cpp import llama_vocab_n_tokens
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, models, trainers
from tokenizers.pre_tokenizers import ByteLevel

from extraction.errors import ModelUnavailable
from extraction.grammar import build_grammar
from extraction.language_model_stepper import GrammarStepper, GrammarVocabulary
from extraction.language_model_vocabulary import Vocabulary as Engine
from extraction.prompt import PLAIN_MARKS, Mark, render
from extraction.schema import DocumentTypeSpec
from extraction.text_document import document_from_text
from models_store.card import ModelCard
from models_store.errors import ConversionFailed
from models_store.starter.encoding import CHOSEN, FORCED, encode
from models_store.starter.factory.stream import Sample
from models_store.starter.tokenizer import Tokenizer as Ours
from models_store.store import STARTER, STARTER_WEIGHTS
from models_store.tuning.gguf_vocabulary import PATTERNS, byte_level, pre_tokenizer, write_tokenizer
from models_store.tuning.ruler import Ruler
from models_store.tuning.vocabulary import GgufVocabulary, load_vocabulary
from tests.models_store.intake.made import gguf

MARKS = ["<|begin|>", "<|end|>"]
ODD = [
    "", " ", "a", "Total  12.50 €", "BÄCKEREI Müller & Söhne GmbH\n\nDatum 3.4.2026", "漢字かな 🙂‍↔️ \t x",
    'a "b" \\c\\ it\'s IT\'S we\'LL', "<|begin|> <|json|> </s> <s>", "1234567 1.234,50 0001", "ÀÉÎ éèê ǅ ß ﬁ",
    "a\u00a0b\u2028c\u200bd", "x\x02y\x00z", "!!!???...---===", "camelCase XMLHttp iPhone",
]  # fmt: skip
CAPITALS_APART = ("gpt-4o", "tekken")
"""llama.cpp knows capital letters of ASCII alone where these ways cut between cases."""
WAYS = [*sorted(PATTERNS), "pieces", "pieces with a blank"]


def _byte_level(way: str) -> dict[str, Any]:
    content = json.loads(Tokenizer(models.BPE()).to_str()) | {"pre_tokenizer": pre_tokenizer(way)}
    tokenizer = Tokenizer.from_str(json.dumps(content))
    special = [AddedToken(text, special=True) for text in MARKS]
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=special, initial_alphabet=sorted(ByteLevel.alphabet()), show_progress=False
    )
    tokenizer.train_from_iterator(ODD * 3, trainer)
    trained = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(trained["vocab"], key=trained["vocab"].get)
    return {
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": way, "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [3 if token in MARKS else 1 for token in tokens],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in trained["merges"]], "tokenizer.ggml.bos_token_id": 0,
        "tokenizer.ggml.eos_token_id": 1, "tokenizer.ggml.scores": None,
    }  # fmt: skip


def _pieces(*, blank: bool) -> dict[str, Any]:
    model = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    model.ParseFromString((STARTER / "tokenizer.model").read_bytes())
    tokens = [piece.piece.replace("<|", "<~") if piece.type == 3 else piece.piece for piece in model.pieces]
    return {
        "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.scores": [piece.score for piece in model.pieces],
        "tokenizer.ggml.token_type": [piece.type for piece in model.pieces], "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.add_space_prefix": blank,
    }  # fmt: skip


def _keys(way: str) -> dict[str, Any]:
    return _byte_level(way) if way in PATTERNS else _pieces(blank=way == "pieces with a blank")


@pytest.fixture(scope="module", params=WAYS)
def keys(request: pytest.FixtureRequest) -> dict[str, Any]:
    return _keys(request.param)


@pytest.fixture(scope="module")
def file(keys: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GGUF with this vocabulary; its weights are nothing, and are not looked at."""
    path = tmp_path_factory.mktemp("vocabulary") / "model.gguf"
    path.write_bytes(gguf(keys))
    return path


def _reference(keys: dict[str, Any], text: str) -> list[int]:
    """What the publisher's own library makes of a text: tokenizers, or sentencepiece."""
    if keys.get("tokenizer.ggml.model") == "gpt2":
        content = byte_level({**keys, "tokenizer.ggml.add_bos_token": False})
        tokenizer = Tokenizer.from_str(json.dumps(content))
        tokenizer.encode_special_tokens = True
        return list(tokenizer.encode(text, add_special_tokens=False).ids)
    model = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    model.ParseFromString((STARTER / "tokenizer.model").read_bytes())
    model.normalizer_spec.add_dummy_prefix = keys["tokenizer.ggml.add_space_prefix"]
    return list(sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString()).encode(text))


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_the_engine_cuts_texts_as_the_publisher_does(text: str, keys: dict[str, Any], file: Path) -> None:
    if "\0" in text and keys.get("tokenizer.ggml.model") != "gpt2":
        text = text.replace("\0", "")  # sentencepiece ends a text there
    engine = GgufVocabulary(file).encode(text)
    is_apart = keys.get("tokenizer.ggml.pre") in CAPITALS_APART and "BÄCKEREI" in text
    assert (engine == _reference(keys, text)) is not is_apart


def _sample(text: str, answer: dict[str, Any], document_type: DocumentTypeSpec) -> Sample:
    pages = tuple(page.text for page in document_from_text(text).pages)
    fields = tuple(spec for spec in document_type.fields if spec.name in answer)
    return Sample("labelled", False, fields, pages, answer)


@pytest.mark.parametrize("text", ODD[3:], ids=range(3, len(ODD)))
def test_a_training_prompt_is_the_prompt_of_inference(text: str, file: Path, receipt: DocumentTypeSpec) -> None:
    sample = _sample(text, {"shop": None}, receipt)
    asked = receipt.model_copy(update={"fields": sample.fields})
    prefix, rest = Engine.of_file(file).prompt_tokens(render(asked, document_from_text(text).pages))
    example = encode(sample, GgufVocabulary(file))
    assert example.ids[: example.start] == prefix + rest
    assert example.ids[-1] == Engine.of_file(file).end


def test_marks_are_words_and_never_tokens_of_a_document(file: Path) -> None:
    engine = Engine.of_file(file)
    for mark in Mark:
        assert engine.mark(mark) == engine.tokenise(PLAIN_MARKS[mark])
    assert not {engine.end, *engine.begin} & set(engine.tokenise("<|begin|> <|end|> <s> </s>"))


@pytest.mark.parametrize("seed", range(3))
def test_a_training_answer_is_one_that_the_grammar_allows(seed: int, file: Path, receipt: DocumentTypeSpec) -> None:
    """Token by token, in the very order in which the engine would write it."""
    random = Random(seed)
    text = 'ACME "Foods" \\ Müller 漢字\nTotal  12.50'
    answer = {"shop": random.choice(['ACME "Foods"', "Müller 漢字", None]), "total": random.choice(["12.50", None])}
    sample = _sample(text, answer, receipt)
    asked = receipt.model_copy(update={"fields": sample.fields})
    engine, example = Engine.of_file(file), encode(sample, GgufVocabulary(file))
    tokens = example.ids[example.start : -1]
    assert b"".join(engine.text(token) for token in tokens).decode() == _compact(answer)
    stepper = GrammarStepper(GrammarVocabulary.of_llama(engine.pointer), build_grammar(asked, text))
    for token in tokens:
        assert token in stepper.legal()
        stepper.take(token)
    assert stepper.is_finished or engine.end in stepper.legal()


def test_values_weigh_more_than_what_the_build_grammarces(file: Path, receipt: DocumentTypeSpec) -> None:
    sample = _sample("ACME\nTotal  12.50", {"shop": "ACME", "total": None}, receipt)
    engine, example = Engine.of_file(file), encode(sample, GgufVocabulary(file))
    tokens = example.ids[example.start : -1]
    assert len(example.weights) == len(tokens) + 1
    assert set(example.weights) == {FORCED, CHOSEN}
    read = [b"".join(map(engine.text, example.ids[first:end])).decode() for first, end, _ in example.values]
    assert "ACME" in read[0]
    assert "null" in read[1]
    assert [is_null for _, _, is_null in example.values] == [False, True]
    for first, end, _ in example.values:
        assert set(example.weights[first - example.start : end - example.start]) == {CHOSEN}


def test_the_ruler_finds_the_vocabulary_beside_the_card(file: Path, tmp_path: Path) -> None:
    card = ModelCard(digest="a" * 64, name="x", context_tokens=77)
    (file.parent / "card.json").write_text(card.model_dump_json())
    ruler = Ruler.of(tmp_path, file.parent / "card.json")
    assert ruler.context_tokens == 77
    assert ruler.count_tokens("Total 12") == len(Engine.of_file(file).tokenise("Total 12"))


@pytest.mark.model
def test_a_vocabulary_of_ours_is_read_by_sentencepiece(tmp_path: Path) -> None:
    ours = Ruler.of(STARTER, STARTER / "card.json")
    assert isinstance(ours.tokenizer, Ours)
    engine = Engine.of_file(STARTER / STARTER_WEIGHTS)
    assert [ours.tokenizer.mark(mark) for mark in Mark] == [engine.mark(mark) for mark in Mark]
    assert all(ours.tokenizer.encode(text) == engine.tokenise(text) for text in ODD if "\0" not in text)
    assert (tuple(ours.tokenizer.begin), ours.tokenizer.end) == (engine.begin, engine.end)
    with pytest.raises(ModelUnavailable):
        load_vocabulary(tmp_path)


@pytest.mark.parametrize("way", sorted(PATTERNS))
def test_a_vocabulary_read_back_keeps_its_numbers(way: str) -> None:
    keys = _byte_level(way)
    tokenizer = Tokenizer.from_str(json.dumps(byte_level({**keys, "general.architecture": "llama"})))
    tokens = keys["tokenizer.ggml.tokens"]
    assert [tokenizer.id_to_token(at) for at in range(len(tokens))] == tokens
    begins = tokenizer.encode("a").ids[0] == keys["tokenizer.ggml.bos_token_id"]
    assert begins is (way in ("llama-bpe", "tekken"))


@pytest.mark.model
@pytest.mark.parametrize("blank", [True, False], ids=["with a blank", "without"])
def test_pieces_read_back_cut_as_before(blank: bool, tmp_path: Path) -> None:
    keys = {"general.architecture": "llama", "tokenizer.ggml.model": "llama", **_pieces(blank=blank)}
    write_tokenizer(keys, tmp_path)
    read = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "tokenizer.model"))
    for text in (text for text in ODD if "\0" not in text):
        assert list(read.encode(text)) == _reference(keys, text)
    config = json.loads((tmp_path / "tokenizer_config.json").read_bytes())
    assert (config["add_prefix_space"], config["bos_token"], config["eos_token"]) == (blank, "<s>", "</s>")


def test_a_file_without_a_vocabulary_is_told(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelUnavailable):
        GgufVocabulary(tmp_path / "model.gguf")


def test_a_way_of_cutting_that_is_not_known_is_told() -> None:
    with pytest.raises(ConversionFailed, match="'other'"):
        pre_tokenizer("other")


def test_the_engine_counts_as_many_tokens_as_the_file_has(keys: dict[str, Any], file: Path) -> None:
    assert llama_vocab_n_tokens(Engine.of_file(file).pointer) == len(keys["tokenizer.ggml.tokens"])


def _compact(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
