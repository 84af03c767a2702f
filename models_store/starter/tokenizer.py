"""The starter's tokenizer: SentencePiece BPE whose pieces never mix letters with digits, blanks or punctuation.

A value then has the same tokens on the page and behind a JSON quote, and copying a value is copying tokens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import sentencepiece

from extraction.prompt import Mark, field_lines, tidy
from models_store.starter.encoding import BOS, EOS, Token
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import WRITERS, Order, samples

VOCABULARY = 4096
SPARE_MARKS = ("<|reserved0|>", "<|reserved1|>", "<|reserved2|>")
_CUT = "\x1f"
_UNIT = re.compile(r"[^\W\d_]+|\d| +|(.)\1*", re.DOTALL)


def train_tokenizer(
    folder: Path, pools: Pools, *, seed: int, documents: int = 8000, vocabulary: int = VOCABULARY
) -> Path:
    """Writes and returns `folder/tokenizer.model`; about half a minute."""
    shares = dict.fromkeys(WRITERS, 1.0)
    corpus = folder / "tokenizer.txt"
    with corpus.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in _lines(Order(shares, sizes=(0, 1)), pools, seed, documents))
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "tokenizer"), model_type="bpe", vocab_size=vocabulary,
        byte_fallback=True, split_digits=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
        add_dummy_prefix=False, allow_whitespace_only_pieces=True, pretokenization_delimiter=_CUT,
        unk_id=0, bos_id=1, eos_id=2, pad_id=3, control_symbols=[*Mark, *SPARE_MARKS], character_coverage=0.9995,
        max_sentence_length=20000, num_threads=1, minloglevel=2,
    )  # fmt: skip
    corpus.unlink()
    (folder / "tokenizer.vocab").unlink()
    return folder / "tokenizer.model"


class Tokenizer(sentencepiece.SentencePieceProcessor):
    """A vocabulary of ours as the `Vocabulary` of encoding.py: marks are tokens, and texts are cut piece by piece."""

    begin, end = (BOS,), EOS

    def mark(self, mark: Mark) -> list[int]:
        return [self.piece_to_id(mark)]

    def answer(self, pieces: Sequence[str]) -> list[Token]:
        return [Token(token, at, at) for at, piece in enumerate(pieces) for token in self.encode(piece)]


def load_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer(model_file=str(path))


def cut(line: str) -> str:
    """The line with a delimiter between runs of letters, single digits, blanks and runs of one mark."""
    return _CUT.join(unit.group(0) for unit in _UNIT.finditer(line))


def _lines(order: Order, pools: Pools, seed: int, documents: int) -> Iterator[str]:
    for sample in islice(samples(order, pools, seed), documents):
        answer = json.dumps(sample.answer, ensure_ascii=False, separators=(",", ":"))
        texts = [*field_lines(sample.fields), *map(tidy, sample.pages), answer]
        yield from (cut(line) for text in texts for line in text.split("\n") if line.strip())
