"""What is shown when: drills first, since copying must appear before anything else can be learnt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

import sentencepiece

from models_store.starter.drills import drills
from models_store.starter.encoding import Encoded, encode
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import Order, samples

LONGEST = 1024
"""Tokens of the longest sample ever shown, answer included."""
_POOL = 120

_ALL = {
    "receipt": 24.0,
    "invoice": 22.0,
    "contract": 15.0,
    "lab_report": 13.0,
    "discharge_summary": 16.0,
    "sheet": 8.0,
    "drill": 2.0,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Shown until this share of the time is over; samples longer than `longest` tokens are left out."""

    name: str
    until: float
    order: Order
    longest: int
    bare_drills: float = 0.0
    """Share of drills on random tokens."""


STAGES = (
    Stage("drill", 0.09, Order({"drill": 1.0}), 224, 0.5),
    Stage("short", 0.35, Order({**_ALL, "drill": 40.0}, sizes=(0,)), 448, 0.15),
    Stage("medium", 0.80, Order(_ALL, sizes=(0, 0, 1)), 640),
    Stage("long", 1.01, Order(_ALL, sizes=(0, 1, 1, 2)), LONGEST),
)
EXAMS = {
    "drill": Order({"drill": 1.0}, held_out=True),
    "shipped types, known wordings, clean": Order(
        dict.fromkeys(list(_ALL)[:5], 1.0), (0, 1), clean=True, shipped_share=1.0
    ),
    "shipped types, unseen wordings": Order(
        dict.fromkeys(list(_ALL)[:5], 1.0), (0, 1), held_out=True, shipped_share=1.0
    ),
    "random schemas, unseen wordings": Order(_ALL, (0, 1), held_out=True, shipped_share=0.0),
}
EXAM_SEED = 777_000
"""Far from every training seed."""


def stage_at(share: float) -> Stage:
    return next(stage for stage in STAGES if share < stage.until)


def encoded(
    order: Order, pools: Pools, tokenizer: sentencepiece.SentencePieceProcessor, *, seed: int, longest: int = LONGEST
) -> Iterator[Encoded]:
    """Encoded samples that are short enough, without end."""
    for sample in samples(order, pools, seed):
        item = encode(sample, tokenizer)
        if len(item.ids) <= longest:
            yield item


def mixed(
    stage: Stage, pools: Pools, tokenizer: sentencepiece.SentencePieceProcessor, *, seed: int
) -> Iterator[Encoded]:
    """What the stage shows: samples, and bare drills in its share."""
    random, bare = Random(seed), drills(tokenizer, seed)
    for item in encoded(stage.order, pools, tokenizer, seed=seed, longest=stage.longest):
        while random.random() < stage.bare_drills:
            yield next(bare)
        yield item


def batches(items: Iterator[Encoded], random: Random, tokens: int) -> Iterator[list[Encoded]]:
    """Batches of about `tokens` tokens, padding included; alike lengths go together."""
    while True:
        pool = sorted(islice(items, _POOL), key=lambda item: len(item.ids))
        ready: list[list[Encoded]] = [[]]
        for item in pool:
            if ready[-1] and (len(ready[-1]) + 1) * len(item.ids) > tokens:
                ready.append([])
            ready[-1].append(item)
        random.shuffle(ready)
        yield from ready
