"""The fixed set against forgetting: made-up documents of many kinds, each with its own schema.

A model that is tuned on one type of document forgets the others, and forgets to answer null. The set never changes for
the same factory: its seed, its sizes and its wordings, which no training and no replay ever shows, are fixed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from extraction.labels import Label
from extraction.schema import DocumentTypeSpec
from models_store.evaluation.measure import Case
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import WRITERS, Order, Sample, samples

SEED = 771_000
"""Far from the seeds of training, of its exams, of replay and of other measurements."""
OF_EACH = 2
LONGEST_CHARACTERS = 600
"""Short: this set is read anew for every candidate."""
_NO_DOCUMENTS = frozenset({"drill"})


def factory_cases(pools: Pools, *, of_each: int = OF_EACH) -> tuple[Case, ...]:
    """So many documents of each kind, half of them with a field that they do not hold. The same pools, the same set."""
    kinds = sorted(WRITERS.keys() - _NO_DOCUMENTS)
    return tuple(case for kind in kinds for case in _of_kind(kind, of_each, pools))


def _of_kind(kind: str, count: int, pools: Pools) -> Iterator[Case]:
    order = Order(
        {kind: 1.0}, sizes=(0,), held_out=True, clean=True, shipped_share=0.5, longest_characters=LONGEST_CHARACTERS
    )
    drawn = samples(order, pools, SEED + crc32(kind.encode()))
    lacking = (sample for sample in drawn if lacks_something(sample))
    for number in range(count):
        sample = next(lacking if number % 2 else drawn)
        yield _case(f"{kind}-{number}", sample)


def lacks_something(sample: Sample) -> bool:
    """Something is asked that the document does not hold."""
    return any(answer is None or answer == [] for answer in sample.answer.values())


def _case(name: str, sample: Sample) -> Case:
    label = Label(id=name, text="\f".join(sample.pages), path=None, fields=sample.answer)
    return Case(label, DocumentTypeSpec(name="asked", fields=sample.fields))
