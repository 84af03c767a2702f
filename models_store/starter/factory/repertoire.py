"""What documents of a kind may hold: the concepts that their writer states now and then."""

from __future__ import annotations

from random import Random

from models_store.starter.factory.desk import Desk, Writer
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_DOCUMENTS = 60
_known: dict[str, tuple[str, ...]] = {}


def repertoire(name: str, writer: Writer, pools: Pools) -> tuple[str, ...]:
    """The names of the concepts, sorted. Found out once for each writer by letting it write."""
    if name not in _known:
        random = Random(1)
        stated: set[str] = set()
        for number in range(_DOCUMENTS):
            desk = Desk(pools, random, size=number % 3)
            writer(desk)
            stated |= desk.draft.facts.keys()
        _known[name] = tuple(sorted(stated & (CONCEPTS.keys() | LISTS.keys())))
    return _known[name]
