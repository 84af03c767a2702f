"""How long texts are for a model: its tokenizer and the context it was trained for."""

from __future__ import annotations

from dataclasses import dataclass

import sentencepiece


@dataclass(frozen=True, slots=True)
class Ruler:
    """`context_tokens`: of prompt and answer together, from the model's card."""

    tokenizer: sentencepiece.SentencePieceProcessor
    context_tokens: int

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer.encode(text))
