"""Examples -> batches, and the same number of them in every epoch."""

from __future__ import annotations

import torch

from models_store.starter.encoding import PAD, Encoded
from models_store.starter.variation import seeded
from models_store.tuning.batches import Batch, Epochs, Example, batched


def _example(length: int, weight: float = 1.0) -> Example:
    return Example(Encoded(list(range(10, 10 + length)), length - 2, [0.1, 1.0], []), weight)


def test_batches_hold_every_example_once_and_keep_their_size() -> None:
    examples = [_example(length) for length in (*range(10, 400, 7), 3000)]
    batches = batched(examples, tokens=1000, random=seeded(1))
    shown = [len(example.text.ids) for batch in batches for example in batch.examples]
    assert sorted(shown) == sorted(len(example.text.ids) for example in examples)
    padded = [-(-max(len(e.text.ids) for e in b.examples) // 32) * 32 * len(b.examples) for b in batches]
    assert all(size <= 1000 or len(b.examples) == 1 for size, b in zip(padded, batches, strict=True))
    assert sum(padded) < 1.25 * sum(shown)
    assert sum(batch.count for batch in batches) == sum(shown)


def test_a_batch_is_padded_on_the_right_and_tells_its_weights() -> None:
    tensors = Batch((_example(5), _example(40, 0.3))).tensors()
    assert tensors["tokens"].shape == tensors["weights"].shape == (2, 64)
    assert tensors["tokens"][0, 5:].eq(PAD).all()
    assert tensors["weights"][0].nonzero().flatten().tolist() == [2, 3]
    assert torch.equal(tensors["shares"], torch.tensor([[1.0], [0.3]]))


def test_every_epoch_has_as_many_batches_as_the_first() -> None:
    sizes = {0: 8, 1: 11, 2: 5}
    epochs = Epochs(lambda n: [_example(30) for _ in range(sizes[n])], tokens=64, seed=1)
    assert len(epochs) == 4
    for number, shown in ((1, 4), (2, 3), (0, 4)):
        epochs.set_epoch(number)
        assert len({id(epochs[at]) for at in range(4)}) == shown


def test_an_epoch_is_made_once_and_always_the_same() -> None:
    made: list[int] = []

    def examples(number: int) -> list[Example]:
        made.append(number)
        return [_example(20 + number + n) for n in range(9)]

    epochs = Epochs(examples, tokens=64, seed=1)
    epochs.set_epoch(3)
    first = [epochs[at] for at in range(len(epochs))]
    assert made == [0, 3]
    again = Epochs(examples, tokens=64, seed=1)
    again.set_epoch(3)
    assert [again[at] for at in range(len(again))] == first
