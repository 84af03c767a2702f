"""Labels and sentences in one language. Documents of trade speak one language, as the concepts' tables order it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from models_store.starter.factory.trade.grammar import read_table
from models_store.starter.factory.wordings import is_held_out

Groups = dict[str, tuple[str, ...]]
"""Language -> labels."""


@cache
def sides(labels: tuple[str, ...], held_out: bool) -> tuple[str, ...]:
    """The labels of the wanted side; all of them where that side is empty."""
    return _side(labels, held_out) or labels


def _side(labels: tuple[str, ...], held_out: bool) -> tuple[str, ...]:
    return tuple(label for label in labels if is_held_out(label) == held_out)


def groups(labels: Sequence[str], starts: Sequence[str]) -> Groups:
    """Labels by language; English comes first and needs no start. Raises ValueError for a start out of order."""
    found: Groups = {}
    tongue, begin = "en", 0
    for start in starts:
        following, _, first = start.partition(": ")
        end = list(labels).index(first, begin)
        found[tongue] = tuple(labels[begin:end])
        tongue, begin = following, end
    found[tongue] = tuple(labels[begin:])
    return found


@cache
def labels_of(labels: tuple[str, ...], tongue: str, held_out: bool) -> tuple[str, ...]:
    """Those of a concept's labels that are of the wanted side and in this language; else in English, else in any."""
    own = _groups()[labels]
    return _side(own.get(tongue, ()), held_out) or _side(own["en"], held_out) or sides(labels, held_out)


@cache
def _groups() -> dict[tuple[str, ...], Groups]:
    """The groups of every list of labels of this family."""
    table = read_table("wordings.toml")
    entries: list[dict[str, Any]] = [*table["single"].values()]
    for entry in table["repeated"].values():
        entries += entry["columns"].values()
    return {tuple(e.get("labels", ())): groups(e.get("labels", ()), e.get("starts", ())) for e in entries}
