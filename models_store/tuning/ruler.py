"""How long texts are for a model: its vocabulary and the context it was trained for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from models_store.card import ModelCard
from models_store.starter.encoding import Vocabulary
from models_store.tuning.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Ruler:
    """`context_tokens`: of prompt and answer together, from the model's card."""

    tokenizer: Vocabulary
    context_tokens: int

    @classmethod
    def of(cls, base: Path, card: Path) -> Self:
        """`base`: folder of trainable weights; `card`: the card of the GGUF made of them, which stands beside it.

        Raises ModelUnavailable where no vocabulary is there.
        """
        known = ModelCard.model_validate_json(card.read_bytes())
        return cls(load_vocabulary(base, card.parent), known.context_tokens)

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer.encode(text))
