"""The tokens that a model is trained on: those that the engine will read and write.

A vocabulary of ours holds the marks of the prompt as tokens and is read by sentencepiece. Every other one is read by
llama.cpp from the GGUF of the model itself, so that there is nothing to agree on between training and use.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from extraction.errors import ModelUnavailable
from extraction.language_model_vocabulary import Vocabulary as EngineVocabulary
from extraction.prompt import Mark
from models_store.starter.encoding import Token, Vocabulary
from models_store.starter.tokenizer import load_tokenizer

_SENTINEL = "\x02"
"""Set before a text that shall get no blank of its own; its token is taken off again."""


class GgufVocabulary:
    """Any GGUF's vocabulary as the `Vocabulary` of encoding.py. Raises ModelUnavailable."""

    def __init__(self, path: Path) -> None:
        self._engine = EngineVocabulary.of_file(path)
        self.begin: Sequence[int] = self._engine.begin
        self.end: int = self._engine.end
        first = self._engine.tokenise("a")
        self._puts_blank = self._engine.text(first[0]).startswith(b" ")

    def encode(self, text: str) -> list[int]:
        return self._engine.tokenise(text)

    def mark(self, mark: Mark) -> list[int]:
        return self._engine.mark(mark)

    def answer(self, pieces: Sequence[str]) -> list[Token]:
        """The grammar writes an answer from its first byte on, so no blank is put before it."""
        ends = list(accumulate(len(piece.encode()) for piece in pieces))
        tokens: list[Token] = []
        at = position = 0
        for token in self._bare("".join(pieces)):
            while position >= ends[at]:
                at += 1
            first = at
            position += len(self._engine.text(token))
            while position > ends[at]:
                at += 1
            tokens.append(Token(token, first, at))
        return tokens

    def _bare(self, text: str) -> list[int]:
        if not self._puts_blank:
            return self._engine.tokenise(text)
        tokens = self._engine.tokenise(_SENTINEL + text)
        texts = [self._engine.text(token) for token in tokens]
        return tokens[texts.index(_SENTINEL.encode()) + 1 :]


def load_vocabulary(base: Path, *beside: Path) -> Vocabulary:
    """`base`: folder of trainable weights. A GGUF of the model stands there, or in one of the folders `beside`.

    Raises ModelUnavailable.
    """
    ours = base / "tokenizer.model"
    if ours.is_file():
        tokenizer = load_tokenizer(ours)
        if all(tokenizer.is_control(tokenizer.piece_to_id(mark)) for mark in Mark):
            return tokenizer
    for folder in (base, *beside):
        for path in sorted(folder.glob("*.gguf")):
            return GgufVocabulary(path)
    raise ModelUnavailable(f"{base} holds no vocabulary")
