"""Tokens: a value is the same tokens on the page and in the answer, and marks in a document stay plain text."""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path

import pytest
import sentencepiece

from extraction.prompt import Mark
from models_store.starter.drills import drills
from models_store.starter.encoding import CHOSEN, EOS, FORCED, answer_pieces, encode
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import WRITERS, Order, Sample, samples
from models_store.starter.tokenizer import cut, load_tokenizer
from models_store.store import STARTER

TOKENIZER = STARTER / "tokenizer.model"
pytestmark = [pytest.mark.model, pytest.mark.skipif(not TOKENIZER.exists(), reason="the starter is not here")]
ORDER = Order(dict.fromkeys(WRITERS, 1.0), sizes=(0, 1))
WITH_MARK = Sample("x", False, (), ("<|json|> <|fields|>",), {})


@pytest.fixture(scope="module")
def tokenizer() -> sentencepiece.SentencePieceProcessor:
    return load_tokenizer(Path(TOKENIZER))


def test_the_pieces_of_an_answer_are_its_compact_json(pools: Pools) -> None:
    for sample in islice(samples(ORDER, pools, 1), 100):
        text = "".join(text for text, _, _ in answer_pieces(sample.answer))
        assert text == json.dumps(sample.answer, ensure_ascii=False, separators=(",", ":"))


def test_an_encoded_sample_reads_back(pools: Pools, tokenizer: sentencepiece.SentencePieceProcessor) -> None:
    for sample in islice(samples(ORDER, pools, 2), 50):
        item = encode(sample, tokenizer)
        assert json.loads(tokenizer.decode(item.ids[item.start : -1])) == sample.answer
        assert len(item.weights) == len(item.ids) - item.start
        assert set(item.weights) <= {FORCED, CHOSEN}
        assert item.ids[-1] == EOS


def test_the_values_lie_where_the_encoding_says(pools: Pools, tokenizer: sentencepiece.SentencePieceProcessor) -> None:
    for sample in islice(samples(ORDER, pools, 3), 50):
        item = encode(sample, tokenizer)
        for begin, end, is_null in item.values:
            value = json.loads(tokenizer.decode(item.ids[begin:end]))
            assert (value in (None, [])) == is_null


def test_no_piece_mixes_letters_with_anything_else(tokenizer: sentencepiece.SentencePieceProcessor) -> None:
    ordinary = [i for i in range(tokenizer.vocab_size()) if not (tokenizer.is_control(i) or tokenizer.is_byte(i))]
    pieces = [tokenizer.id_to_piece(i).replace("▁", " ") for i in ordinary if not tokenizer.is_unknown(i)]
    assert [piece for piece in pieces if len(cut(piece).split("\x1f")) != 1] == []


def test_a_value_has_the_same_tokens_in_the_document_and_in_the_answer(
    tokenizer: sentencepiece.SentencePieceProcessor,
) -> None:
    value = tokenizer.encode("Müller & Söhne GmbH")
    page = tokenizer.encode("Seller: Müller & Söhne GmbH, Berlin")
    answer = tokenizer.encode('"Müller & Söhne GmbH"')
    assert answer[1:-1] == value
    assert any(page[i : i + len(value)] == value for i in range(len(page)))


def test_a_mark_printed_in_a_document_stays_text(tokenizer: sentencepiece.SentencePieceProcessor) -> None:
    marks = {tokenizer.piece_to_id(mark) for mark in Mark}
    assert len(marks) == len(Mark)
    found = [token for token in encode(WITH_MARK, tokenizer).ids if token in marks]
    assert found == [tokenizer.piece_to_id(mark) for mark in (Mark.FIELDS, Mark.DOCUMENT, Mark.JSON)]


@pytest.mark.parametrize("text", ["漢字 🙂 \t x", 'a "b" \\c\\', "  two  blanks", "Straße 12, 1.234,50 €", ""])
def test_any_text_survives(text: str, tokenizer: sentencepiece.SentencePieceProcessor) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_a_drill_asks_for_what_it_has_shown(tokenizer: sentencepiece.SentencePieceProcessor) -> None:
    closing = tokenizer.encode('"')
    for item in islice(drills(tokenizer, 4), 50):
        shown = " ".join(map(str, item.ids[: item.start]))
        for begin, end, _ in item.values:
            value = [t for t in item.ids[begin:end] if [t] != closing]
            assert re.search(rf"\b{' '.join(map(str, value))}\b", shown)
