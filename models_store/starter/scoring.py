"""Held-out scores while training: a value counts when all its tokens are the likeliest, the answer before it given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models_store.starter.encoding import PAD, Encoded
from models_store.starter.network import Llama


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of exactly right values and of exactly right nulls, with their numbers."""

    values_right: float
    values: int
    nulls_right: float
    nulls: int

    def __str__(self) -> str:
        return f"values {self.values_right:.3f} (n={self.values}) nulls {self.nulls_right:.3f} (n={self.nulls})"


def pack(items: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
    """Token numbers and loss weights of the next token, (batch, length) each; the length is a multiple of 32."""
    length = -(-max(len(item.ids) for item in items) // 32) * 32
    tokens = torch.full((len(items), length), PAD)
    weights = torch.zeros(len(items), length)
    for row, item in enumerate(items):
        tokens[row, : len(item.ids)] = torch.tensor(item.ids)
        weights[row, item.start - 1 : len(item.ids) - 1] = torch.tensor(item.weights)
    return tokens, weights


@torch.no_grad()
def score(model: Llama, items: Sequence[Encoded]) -> Score:
    counts: Counter[tuple[bool, bool]] = Counter()
    ordered = sorted(items, key=lambda item: len(item.ids))
    for first in range(0, len(ordered), 8):
        batch = ordered[first : first + 8]
        tokens = pack(batch)[0].to(model.embedding.device)
        hidden = model.hidden(tokens)
        for row, item in enumerate(batch):
            guessed = model.logits(hidden[row, item.start - 1 : len(item.ids) - 1]).argmax(-1)
            right = guessed == tokens[row, item.start : len(item.ids)]
            for begin, end, is_null in item.values:
                counts[is_null, bool(right[begin - item.start : end - item.start].all())] += 1
    values, nulls = (counts[kind, True] + counts[kind, False] for kind in (False, True))
    return Score(counts[False, True] / max(values, 1), values, counts[True, True] / max(nulls, 1), nulls)
