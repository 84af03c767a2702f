"""Examples -> batches of about the same number of tokens, padding included: alike lengths go together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from torch import Tensor, tensor
from torch.utils.data import Dataset as TorchDataset

from models_store.starter.encoding import Encoded
from models_store.starter.scoring import pack
from models_store.starter.variation import seeded

_JITTER = 0.1
"""Lengths are varied by this share before they are sorted, so that an example meets others in each epoch."""
_STEP = 32
"""Lengths are rounded up to this by `pack`."""


@dataclass(frozen=True, slots=True)
class Example:
    """`weight`: how much it teaches, of 1."""

    text: Encoded
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Batch:
    """`count`: tokens without padding."""

    examples: tuple[Example, ...]

    @property
    def count(self) -> int:
        return sum(len(example.text.ids) for example in self.examples)

    def tensors(self) -> dict[str, Tensor]:
        """`tokens` and `weights` of the next token, (batch, length) each; `shares`, (batch, 1), of the examples."""
        tokens, weights = pack([example.text for example in self.examples])
        return {"tokens": tokens, "weights": weights, "shares": tensor([[e.weight] for e in self.examples])}


class Epochs(TorchDataset[Batch]):
    """The batches of the epoch that is set, made when the first one is asked for.

    All epochs count as many batches as the first one. The questions are drawn anew for each: where they need more
    batches the last are left out, where they need fewer the first come again.
    """

    def __init__(self, examples: Callable[[int], Sequence[Example]], *, tokens: int, seed: int) -> None:
        self._examples, self._tokens, self._seed = examples, tokens, seed
        self._batches = self._made(0)
        self._length, self._made_of, self._epoch = len(self._batches), 0, 0

    def set_epoch(self, number: int) -> None:
        self._epoch = number

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, at: int) -> Batch:
        if self._made_of != self._epoch:
            self._batches, self._made_of = self._made(self._epoch), self._epoch
        return self._batches[at % len(self._batches)]

    def _made(self, epoch: int) -> list[Batch]:
        return batched(self._examples(epoch), tokens=self._tokens, random=seeded(self._seed, epoch))


def batched(examples: Sequence[Example], *, tokens: int, random: Random) -> list[Batch]:
    """Every example once. A batch has at most `tokens` tokens, or a single longer example."""
    lengths = [len(example.text.ids) for example in examples]
    keyed = sorted((length * random.uniform(1, 1 + _JITTER), at) for at, length in enumerate(lengths))
    batches: list[list[Example]] = []
    longest = 0
    for _, at in keyed:
        rounded = -(-lengths[at] // _STEP) * _STEP
        longest = max(longest, rounded)
        if not batches or (len(batches[-1]) + 1) * longest > tokens:
            batches.append([])
            longest = rounded
        batches[-1].append(examples[at])
    random.shuffle(batches)
    return [Batch(tuple(batch)) for batch in batches]
