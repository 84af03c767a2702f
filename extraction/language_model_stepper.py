"""Walks a grammar token by token (llguidance)."""

from __future__ import annotations

import warnings
from typing import Any, Self

import llguidance.llamacpp
import llguidance.numpy
import numpy as np
from llguidance import LLMatcher, LLParserLimits, LLTokenizer
from numpy.typing import NDArray

from extraction.errors import DecodingFailed

_LIMITS = LLParserLimits(initial_lexer_fuel=20_000_000, step_lexer_fuel=5_000_000)
"""Room for documents with very long words; a step costs half a second at the worst, usually less than a millisecond."""


class GrammarVocabulary:
    """A model's vocabulary, prepared once for any number of grammars."""

    def __init__(self, tokenizer: LLTokenizer) -> None:
        self.tokenizer = tokenizer

    @classmethod
    def of_llama(cls, pointer: Any) -> Self:
        """From llama.cpp's own vocabulary."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "llama_token_get_attr is deprecated", DeprecationWarning)
            return cls(llguidance.llamacpp.lltokenizer_from_vocab(pointer))

    def text(self, tokens: list[int]) -> bytes:
        return self.tokenizer.decode_bytes(tokens)


class GrammarStepper:
    """The state of one answer. Raises DecodingFailed when the grammar cannot be compiled or walked."""

    def __init__(self, vocabulary: GrammarVocabulary, grammar: str) -> None:
        self._vocabulary = vocabulary
        self._matcher = LLMatcher(vocabulary.tokenizer, grammar, log_level=0, limits=_LIMITS)
        self._mask = llguidance.numpy.allocate_token_bitmask(1, vocabulary.tokenizer.vocab_size)
        self._raise_if_broken()

    @property
    def is_finished(self) -> bool:
        return bool(self._matcher.is_stopped())

    def take_forced(self) -> list[int]:
        """The tokens that must come next, already taken."""
        forced: list[int] = self._matcher.compute_ff_tokens()
        if forced:
            self._matcher.consume_tokens(forced)
            self._raise_if_broken()
        return forced

    def legal(self) -> NDArray[np.intp]:
        """The tokens that may come next, ascending."""
        llguidance.numpy.fill_next_token_bitmask(self._matcher, self._mask, 0)
        bits = np.unpackbits(self._mask.view(np.uint8), bitorder="little")
        found = np.flatnonzero(bits[: self._vocabulary.tokenizer.vocab_size])
        if not found.size:
            self._raise_if_broken()
            raise DecodingFailed("the grammar allows no token")
        return found

    def take(self, token: int) -> None:
        self._matcher.consume_token(token)
        self._raise_if_broken()

    def _raise_if_broken(self) -> None:
        if self._matcher.is_error():
            raise DecodingFailed(self._matcher.get_error())


def choose(logits: NDArray[np.float32], legal: NDArray[np.intp]) -> tuple[int, float, float]:
    """The best legal token, its share and the next best one's share (0..1, softmax over the legal tokens).
    Ties go to the smaller token, so that a run can be repeated."""
    scores = np.nan_to_num(logits[legal].astype(np.float64), nan=-1e9, posinf=1e9, neginf=-1e9)
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    best = int(scores.argmax())
    rest = np.delete(shares, best)
    return int(legal[best]), float(shares[best]), float(rest.max()) if rest.size else 0.0
