"""What documents of a kind may hold: the concepts that their writer states now and then."""

from __future__ import annotations

from random import Random

from models_store.starter.factory.desk import Desk, Writer
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_DOCUMENTS = 60


def repertoire(name: str, writer: Writer, pools: Pools) -> tuple[str, ...]:
    """The names of the concepts, sorted. Found out once for each writer and pools by letting it write."""
    known = pools.repertoires
    if name not in known:
        random = Random(1)
        stated: set[str] = set()
        for number in range(_DOCUMENTS):
            desk = Desk(pools, random, size=number % 3)
            writer(desk)
            stated |= desk.draft.facts.keys()
        known[name] = tuple(sorted(stated & (CONCEPTS.keys() | LISTS.keys())))
    return known[name]
