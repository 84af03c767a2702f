"""Examples -> batches of about the same number of tokens, padding included: alike lengths go together."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from models_store.starter.encoding import Encoded

_JITTER = 0.1
"""Lengths are varied by this share before they are sorted, so that an example meets others in each epoch."""
_STEP = 32
"""Lengths are rounded up to this by `pack`."""


def batched(examples: Sequence[Encoded], *, tokens: int, random: Random) -> list[list[Encoded]]:
    """Every example once. A batch has at most `tokens` tokens, or a single longer example."""
    keyed = [(len(example.ids) * random.uniform(1, 1 + _JITTER), at) for at, example in enumerate(examples)]
    batches: list[list[Encoded]] = []
    longest = 0
    for _, at in sorted(keyed):
        longest = max(longest, -(-len(examples[at].ids) // _STEP) * _STEP)
        if not batches or (len(batches[-1]) + 1) * longest > tokens:
            batches.append([])
            longest = -(-len(examples[at].ids) // _STEP) * _STEP
        batches[-1].append(examples[at])
    random.shuffle(batches)
    return batches
