"""Made-up documents mixed in against forgetting: each asks for something that it does not hold.

A model that is tuned on forms where every field is filled in unlearns to answer null.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from models_store.starter.encoding import Encoded, encode
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import WRITERS, Order, Sample, samples
from models_store.tuning.ruler import Ruler

_NO_DOCUMENTS = frozenset({"drill"})
_SIZES = (0, 1, 1)
_CHARACTERS_PER_TOKEN = 1.4
"""Fewer than pages have, so that a window rarely is too long for the model."""


def replayed(pools: Pools, ruler: Ruler, *, count: int, seed: int) -> list[Encoded]:
    """`count` examples that fit the model's context; the same seed gives the same ones."""
    return list(islice(_fitting(pools, ruler, seed), count))


def _fitting(pools: Pools, ruler: Ruler, seed: int) -> Iterator[Encoded]:
    shares = {name: 1.0 for name in WRITERS if name not in _NO_DOCUMENTS}
    longest = int(ruler.context_tokens * _CHARACTERS_PER_TOKEN)
    order = Order(shares, sizes=_SIZES, shipped_share=0.5, longest_characters=longest)
    for sample in samples(order, pools, seed):
        if not _asks_for_something_absent(sample):
            continue
        example = encode(sample, ruler.tokenizer)
        if len(example.ids) <= ruler.context_tokens:
            yield example


def _asks_for_something_absent(sample: Sample) -> bool:
    return any(value is None or value == [] for value in sample.answer.values())
