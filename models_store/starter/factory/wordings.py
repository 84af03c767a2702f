"""How documents name things: for each concept the keys and descriptions of schemas and the labels printed on pages.

A fifth of the labels (by hash) never occurs in training; evaluation uses only those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from extraction.schema import Kind
from models_store.starter.factory.pools import tables


# Concepts are compared and hashed by identity: they are looked up in caches all the time.
@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """`keys` and `descriptions` stand in schemas, `labels` on pages; `maker` names the method that writes a value.

    Two concepts that share a word of `alike` can be mistaken for each other by a fair reader ("date", "issue date"):
    where a page holds the one, the other is never asked for as absent.
    """

    name: str
    kind: Kind
    keys: tuple[str, ...]
    descriptions: tuple[str, ...]
    labels: tuple[str, ...] = ()
    maker: str = ""
    columns: tuple[Concept, ...] = ()
    options: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


@lru_cache(1 << 16)
def is_held_out(label: str) -> bool:
    """True for the fifth of the labels that is kept for evaluation."""
    return hashlib.sha256(label.encode()).digest()[0] < 51


def pick_label(labels: Sequence[str], random: Random, *, held_out: bool) -> str:
    """A label of the wanted side; any label where that side is empty."""
    return random.choice(_side(tuple(labels), held_out))


@lru_cache(1 << 14)
def _side(labels: tuple[str, ...], held_out: bool) -> tuple[str, ...]:
    return tuple(label for label in labels if is_held_out(label) == held_out) or labels


def _concept(name: str, entry: dict[str, Any]) -> Concept:
    """A concept from its table in wordings.toml."""
    words = {part: tuple(entry.get(part, ())) for part in ("keys", "descriptions", "labels", "options", "alike")}
    columns = tuple(_concept(column, table) for column, table in entry.get("columns", {}).items())
    return Concept(name, Kind(entry["kind"]), maker=entry.get("maker", ""), columns=columns, **words)


_TABLES = tables("wordings.toml")
CONCEPTS = {name: _concept(name, entry) for name, entry in _TABLES["single"].items()}
LISTS = {name: _concept(name, entry) for name, entry in _TABLES["repeated"].items()}
LINE_ITEMS, RESULTS, MEDICATIONS, ALLERGIES = (
    LISTS[name] for name in ("line_items", "results", "medications", "allergies")
)


def shipped_concepts(type_name: str) -> dict[str, str]:
    """Field -> concept of a shipped type."""
    return dict(_TABLES["shipped"][type_name])


def is_alike(concept: Concept, others: Sequence[Concept]) -> bool:
    """True where a page that holds one of the others could be said to hold this concept too."""
    near = _near(concept)
    return any(not near.isdisjoint(_near(other)) for other in others)


@lru_cache(1 << 13)
def _near(concept: Concept) -> frozenset[str]:
    """What makes two concepts alike where they share it: names, words of `alike`, keys."""
    return frozenset((concept.name, *concept.alike, *(f"key {key}" for key in concept.keys)))
