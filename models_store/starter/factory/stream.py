"""The stream of samples: document, schema, true answer. The same seed gives the same samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from extraction.schema import FieldSpec
from extraction.shipped_types import shipped_types
from models_store.starter.factory import forms, legal, medical, schemas, trade
from models_store.starter.factory.asking import choice
from models_store.starter.factory.asking.naming import Author
from models_store.starter.factory.desk import Desk, Writer
from models_store.starter.factory.draft import PAGE_BREAK, bare, mark_of, read_marks
from models_store.starter.factory.noise import UPPER, misread, recase
from models_store.starter.factory.pages import paged
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.repertoire import repertoire
from models_store.starter.factory.sheets import write_drill, write_sheet
from models_store.starter.factory.windows import cut, recover

WRITERS: dict[str, Writer] = {
    **trade.WRITERS,
    **legal.WRITERS,
    **medical.WRITERS,
    **forms.WRITERS,
    "sheet": write_sheet,
    "drill": write_drill,
}
SHIPPED_SHARE = 0.33
PART_SHARE = 0.12
"""Of the other samples of shipped types, the share that asks for some fields of the shipped schema."""
_SHOUTED = frozenset({"receipt"})
"""Many of these are printed in capitals."""
_SHIPPED = frozenset(spec.name for spec in shipped_types())


@dataclass(frozen=True, slots=True)
class Sample:
    """A document, what is asked of it and the true answer. `shipped` where the schema is the shipped type's own."""

    writer: str
    shipped: bool
    fields: tuple[FieldSpec, ...]
    pages: tuple[str, ...]
    answer: dict[str, schemas.Json]


@dataclass(frozen=True, slots=True)
class Order:
    """What to draw: shares of the writers, size 0 (short) to 3 (several pages), labels never trained on, no noise.

    Longer documents than `longest_characters` are cut to a window of whole lines; 0 is no limit. `plain` is the share
    of samples without reading errors whose schema has plain names."""

    shares: dict[str, float]
    sizes: tuple[int, ...] = (1,)
    held_out: bool = False
    clean: bool = False
    shipped_share: float = SHIPPED_SHARE
    longest_characters: int = 0
    plain: float = 0.0


def samples(order: Order, pools: Pools, seed: int) -> Iterator[Sample]:
    """Samples without end."""
    random = Random(seed)
    names, weights = list(order.shares), list(order.shares.values())
    while True:
        sample = draw(random.choices(names, weights)[0], order, pools, random)
        if sample.answer:
            yield sample


def draw(writer: str, order: Order, pools: Pools, random: Random) -> Sample:
    """One sample of this writer."""
    desk = Desk(pools, random, held_out=order.held_out, size=random.choice(order.sizes))
    WRITERS[writer](desk)
    text = "\n".join(_lines(desk, order.longest_characters))
    plain = random.random() < order.plain
    author = _plain_author(order, random) if plain else Author.draw(random, held_out=order.held_out)
    asked, shipped = _asked(writer, desk, text, order, author=author)
    if not (order.clean or plain) and writer != "drill":
        text = misread(recase(text, random, 0.25 if writer in _SHOUTED else UPPER), random)
    answer = schemas.answer(asked, schemas.Printed(read_marks(text), desk.draft.options))
    pages = (page.strip("\n") for page in bare(text).split(PAGE_BREAK))
    return Sample(writer, shipped, tuple(one.spec for one in asked), tuple(filter(str.strip, pages)), answer)


def _plain_author(order: Order, random: Random) -> Author:
    return Author(random, order.held_out, described=random.choice((0.5, 0.8, 1.0)), foreign=0.0)


def _asked(writer: str, desk: Desk, text: str, order: Order, *, author: Author) -> tuple[list[schemas.Asked], bool]:
    """What is asked of this text, and whether it is a shipped type as it stands."""
    facts, random = desk.draft.facts, desk.random
    if writer in _SHIPPED and random.random() < order.shipped_share:
        return choice.ask_shipped(writer, facts), True
    if writer in _SHIPPED and random.random() < PART_SHARE:
        return choice.ask_part(writer, facts, random), False
    marks = read_marks(text)
    shown = choice.Shown(
        facts=facts,
        inside={name for name, fact in facts.items() if any(mark in marks for mark in fact.marks())},
        text=bare(text),
        repertoire=repertoire(writer, WRITERS[writer], desk.values.pools),
        words=desk.values.pools.word,
        size=desk.size,
    )
    return choice.ask_at_random(shown, author, absent=writer != "drill"), False


def _lines(desk: Desk, longest: int) -> list[str]:
    """The draft with its page breaks; a window of it where it is too long."""
    facts = desk.draft.facts.values()
    single = {mark_of(marked) for fact in facts for marked in fact.statements()}
    lines = paged(desk.draft.lines, desk.random, single)
    shown = cut(lines, longest, desk.random) if longest else lines
    return shown if shown == lines else recover(shown, facts)
