"""What extraction asks of a language model. The llama.cpp one stands in `language_model_llama.py`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from extraction.prompt import Prompt


def _go_on(answer: bytes) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a model may write: tokens of one answer, forced ones counted too. `is_enough` sees the answer as it
    grows, at least once for each free choice, and ends it by saying True."""

    answer_tokens: int = 1024
    is_enough: Callable[[bytes], bool] = _go_on


@dataclass(frozen=True, slots=True)
class Choice:
    """One free decision: bytes [start, end) of the answer, and the shares (0..1, under the grammar) of the token taken
    and of the next best one. Forced tokens are no choices."""

    start: int
    end: int
    probability: float
    runner_up: float


@dataclass(frozen=True, slots=True)
class Generation:
    """An answer in UTF-8 JSON. `finished` is False when a limit cut it off.

    `tokens`: all of the answer by their numbers in the vocabulary, forced ones too; `ends`: the byte behind each. Both
    are empty where a model does not tell.
    """

    answer: bytes
    choices: tuple[Choice, ...]
    finished: bool
    prompt_tokens: int = 0
    answer_tokens: int = 0
    tokens: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


class LanguageModel(Protocol):
    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the weights; where an adapter is laid over them, `adapted_digest`."""
        ...

    @property
    def context_tokens(self) -> int:
        """Tokens of prompt and answer together that the model was trained for."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of plain text (marks in it are not special)."""
        ...

    def generate(self, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        """The greedy answer under the grammar. Raises DecodingFailed when there is none."""
        ...


def adapted_digest(base: str, adapter: str) -> str:
    """Names a model with an adapter laid over it by the digests of both files."""
    return hashlib.sha256(f"{base} {adapter}".encode()).hexdigest()
