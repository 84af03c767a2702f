"""What is shown when: drills first, since copying must appear before anything else can be learnt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from extraction.shipped_types import shipped_types
from models_store.starter.drills import drills
from models_store.starter.encoding import Encoded, encode
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import WRITERS, Order, samples
from models_store.starter.labelled import Labelled, shown
from models_store.starter.tokenizer import Tokenizer

LONGEST = 4096
"""Tokens of the longest sample ever shown, answer included."""
_POOL = 240
_SHARES = {
    "receipt": 20.0, "invoice": 16.0, "sheet": 10.0, "discharge_summary": 8.0, "clinical_summary": 8.0,
    "broadcast_order": 8.0, "lab_report": 7.0, "contract": 6.0, "visit_note": 6.0, "registration_form": 4.0,
    "drill": 1.5,
}  # fmt: skip
_RARE = 0.6
_ALL = {writer: _SHARES.get(writer, _RARE) for writer in WRITERS}
"""How often each kind of document is shown."""


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
    Stage("drill", 0.03, Order({"drill": 1.0}), 224, 0.5),
    Stage(
        "first",
        0.12,
        Order({**_ALL, "drill": 80.0, "sheet": 30.0}, sizes=(0,), longest_characters=600, plain=1.0),
        448,
        0.25,
    ),
    Stage("short", 0.28, Order({**_ALL, "drill": 20.0}, sizes=(0,), longest_characters=700, plain=0.9), 512, 0.08),
    Stage("medium", 0.60, Order(_ALL, sizes=(0, 0, 1), longest_characters=1200, plain=0.8), 1024),
    Stage("long", 0.85, Order(_ALL, sizes=(0, 1, 1, 2, 3), longest_characters=2000, plain=0.6), 1536),
    Stage("whole", 1.01, Order(_ALL, sizes=(0, 1, 1, 2, 3), longest_characters=5600, plain=0.5), LONGEST),
)
EXAMS = {
    "drill": Order({"drill": 1.0}, held_out=True),
    "known wordings": Order(_ALL, (0, 1), longest_characters=1200, plain=1.0),
    "unseen wordings": Order(_ALL, (0, 1), held_out=True, longest_characters=1200, plain=1.0),
    "unseen wordings, odd schemas, noise": Order(_ALL, (0, 1), held_out=True, longest_characters=1200),
    "unseen wordings, shipped types": Order(
        dict.fromkeys((spec.name for spec in shipped_types()), 1.0), (0, 1), held_out=True, shipped_share=1.0,
        longest_characters=1200,
    ),
    "unseen wordings, long": Order(_ALL, (2, 3), held_out=True, longest_characters=5600),
}  # fmt: skip
EXAM_SEED = 777_000
"""Far from every training seed."""


def stage_at(share: float, first: str = STAGES[0].name) -> Stage:
    """The stage at this share of the time; the stages before `first` are left out, and the others share their time."""
    names = [stage.name for stage in STAGES]
    skipped = STAGES[names.index(first) - 1].until if first != names[0] else 0.0
    return next(stage for stage in STAGES if skipped + share * (1 - skipped) < stage.until)


def encoded(
    order: Order, pools: Pools, tokenizer: Tokenizer, *, seed: int, longest: int = LONGEST
) -> Iterator[Encoded]:
    """Encoded samples that are short enough, without end."""
    for sample in samples(order, pools, seed):
        item = encode(sample, tokenizer)
        if len(item.ids) <= longest:
            yield item


@dataclass(frozen=True, slots=True)
class Lessons:
    """What samples are made of: names of people and places, the tokenizer, labelled documents and their share."""

    pools: Pools
    tokenizer: Tokenizer
    labelled: Labelled | None = None
    labelled_share: float = 0.0


def mixed(stage: Stage, lessons: Lessons, *, seed: int) -> Iterator[Encoded]:
    """What the stage shows: samples, and bare drills and labelled documents in their shares."""
    random, bare = Random(seed), drills(lessons.tokenizer, seed)
    real = _labelled(stage, lessons, Random(seed + 1))
    for item in encoded(stage.order, lessons.pools, lessons.tokenizer, seed=seed, longest=stage.longest):
        while random.random() < stage.bare_drills:
            yield next(bare)
        while lessons.labelled and random.random() < lessons.labelled_share:
            yield next(real)
        yield item


def _labelled(stage: Stage, lessons: Lessons, random: Random) -> Iterator[Encoded]:
    for sample in shown(lessons.labelled, random) if lessons.labelled else ():
        item = encode(sample, lessons.tokenizer)
        if len(item.ids) <= stage.longest:
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
