"""The set that needs no folder: fresh documents of the factory, with layouts and label wordings kept from training."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path
from zlib import crc32

from bench.accuracy.cases import Case, in_fair_order
from bench.accuracy.gold import read_gold
from extraction.schema import DocumentTypeSpec
from extraction.text_document import document_from_text
from models_store.starter.factory.pools import Pools, load_pools
from models_store.starter.factory.stream import WRITERS, Order, Sample, samples

SEED = 555_000
"""Far from the seeds of training, of its exams and of other measurements."""
POOLS = Path("var/starter/pools.json")
_SIZES = (0, 1, 2)
_DRILL = "drill"


def own_cases(of_each: int, pools: Pools | None = None) -> list[Case]:
    """So many documents of each kind but the drill; half of those with a shipped type are asked for it. A kind's
    documents do not change when another kind is added."""
    known = pools or load_pools(POOLS)
    return in_fair_order(case for name in WRITERS if name != _DRILL for case in _of_kind(name, of_each, known))


def _of_kind(name: str, count: int, pools: Pools) -> list[Case]:
    order = Order({name: 1.0}, _SIZES, held_out=True, shipped_share=0.5)
    drawn = islice(samples(order, pools, SEED + crc32(name.encode())), count)
    return [_case(f"{name}-{number}", sample) for number, sample in enumerate(drawn)]


def _case(name: str, sample: Sample) -> Case:
    return Case(
        id=name,
        group=sample.writer,
        document_type=DocumentTypeSpec(name="asked", fields=sample.fields),
        gold=read_gold(sample.answer, nulls_are_sure=True),
        read=partial(document_from_text, "\f".join(sample.pages)),
    )
