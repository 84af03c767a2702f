"""A language model without weights: it walks the grammar byte by byte, by a script or at random."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

from llguidance import LLTokenizer

from extraction.errors import DecodingFailed
from extraction.language_model import Choice, Generation, Limits
from extraction.language_model_stepper import GrammarStepper, GrammarVocabulary
from extraction.prompt import Prompt

_BYTES = GrammarVocabulary(LLTokenizer("byte"))
Pick = Callable[[bytes, Sequence[int]], int]
"""(answer so far, legal bytes) -> the byte to take."""


class FakeLanguageModel:
    """`prompts` remembers what was asked. A token is a byte in the answer, and half a character in the prompt."""

    def __init__(self, pick: Pick, *, context_tokens: int = 4096, share: float = 0.9) -> None:
        self._pick = pick
        self._share = share
        self.context_tokens = context_tokens
        self.digest = "fake"
        self.prompts: list[Prompt] = []

    def count_tokens(self, text: str) -> int:
        return -(-len(text) // 2)

    def generate(self, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        self.prompts.append(prompt)
        stepper = GrammarStepper(_BYTES, grammar)
        answer, choices, written = b"", [], 0
        while not stepper.is_finished and written < limits.answer_tokens:
            forced = stepper.take_forced()
            if forced:
                answer += _BYTES.text(forced)
                written += len(forced)
                continue
            if limits.is_enough(answer):
                break
            legal = [int(token) for token in stepper.legal()]
            token = self._pick(answer, legal)
            stepper.take(token)
            if len(legal) > 1:
                choices.append(Choice(len(answer), len(answer) + 1, self._share, 1 - self._share))
            answer += _BYTES.text([token])
            written += 1
        ends = tuple(range(1, len(answer) + 1))
        return Generation(answer, tuple(choices), stepper.is_finished, 0, written, tuple(answer), ends)


def scripted(*answers: object, share: float = 0.9, context_tokens: int = 4096) -> FakeLanguageModel:
    """Says these answers, one a question; the last one again and again. Fails when the grammar does not allow one."""
    texts = [json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode() for answer in answers]

    def pick(so_far: bytes, legal: Sequence[int]) -> int:
        text = texts[min(len(model.prompts), len(texts)) - 1]
        wanted = text[len(so_far)] if text.startswith(so_far) and len(so_far) < len(text) else -1
        if wanted not in legal:
            raise DecodingFailed(f"the grammar does not allow {text[: len(so_far) + 1]!r}")
        return wanted

    model = FakeLanguageModel(pick, share=share, context_tokens=context_tokens)
    return model


def wandering(seed: int, *, context_tokens: int = 4096) -> FakeLanguageModel:
    """Takes any legal byte: the worst model there can be."""
    dice = random.Random(seed)
    return FakeLanguageModel(lambda _, legal: dice.choice(legal), context_tokens=context_tokens)
