"""Chooses what a document is asked for: its facts, and what it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from extraction.schema import Kind
from extraction.shipped_types import shipped_type
from models_store.starter.factory.asking import groups, strangers
from models_store.starter.factory.asking.fields import Leaf
from models_store.starter.factory.asking.naming import Author, is_generic
from models_store.starter.factory.draft import Fact
from models_store.starter.factory.schemas import Asked
from models_store.starter.factory.wordings import Concept, is_alike, shipped_concepts

_MOST = (10, 16, 24, 24)
"""How many fields are asked at most, by the size of the document."""
_MOST_LISTS = 2
_NOTHING = 0.04
"""Share of the schemas of which the page holds nothing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the model is shown: the facts of the whole document, the names of those that are inside of the window, the
    text of it, all that documents of this kind may hold, and words to make up names with."""

    facts: Mapping[str, Fact]
    inside: Collection[str]
    text: str
    repertoire: Collection[str]
    words: Sequence[str]
    size: int = 1


def ask_shipped(type_name: str, facts: Mapping[str, Fact]) -> list[Asked]:
    """The shipped type, all of it, in its order."""
    concepts = shipped_concepts(type_name)
    return [
        Asked(spec, facts.get(concepts[spec.name]), parts=tuple(Asked(cell, column=cell.name) for cell in spec.fields))
        for spec in shipped_type(type_name).fields
    ]


def ask_part(type_name: str, facts: Mapping[str, Fact], random: Random) -> list[Asked]:
    """Some fields of the shipped type, mostly in its order."""
    whole = ask_shipped(type_name, facts)
    kept = set(random.sample(range(len(whole)), random.randint(2, len(whole) - 1)))
    asked = [one for index, one in enumerate(whole) if index in kept]
    if random.random() < 0.3:
        random.shuffle(asked)
    return asked


def ask_at_random(shown: Shown, author: Author, *, absent: bool = True) -> list[Asked]:
    """Some of the facts in random order under one author's names, and what is absent from the page."""
    random = author.random
    nothing = absent and random.random() < _NOTHING
    chosen = [] if nothing else _chosen(shown, random, everything=not absent)
    share = random.choice((0.0, 0.1, 0.2, 0.3, 0.45)) if absent else 0.0
    count = random.randint(2, 9) if nothing else round(share * len(chosen) / (1 - share) + random.random() * share)
    leaves = [_leaf(fact.concept, fact, shown, author) for fact in chosen]
    leaves += [] if nothing else _missing(shown, author, count)
    leaves += _absent(shown, author, max(0, count - len(leaves) + len(chosen)), nothing=nothing)
    random.shuffle(leaves)
    return groups.fields(leaves, author)


def _chosen(shown: Shown, random: Random, *, everything: bool) -> list[Fact]:
    """Facts that are inside of what is shown; few of several lists."""
    facts = [fact for name, fact in shown.facts.items() if name in shown.inside]
    if everything:
        return facts
    most = min(_MOST[shown.size], round(random.triangular(1, _MOST[shown.size], 6)))
    kept = random.sample(facts, min(len(facts), most))
    lists = [fact for fact in kept if isinstance(fact.value, list)]
    surplus = {id(fact) for fact in lists[_MOST_LISTS:]} if random.random() < 0.8 else set()
    return [fact for fact in kept if id(fact) not in surplus]


def _missing(shown: Shown, author: Author, count: int) -> list[Leaf]:
    """Facts of the document that lie outside of the window: about half of what is asked and absent."""
    facts = [fact for name, fact in shown.facts.items() if name not in shown.inside]
    kept = author.random.sample(facts, min(len(facts), count))
    return [_leaf(fact.concept, fact, shown, author) for fact in kept]


def _absent(shown: Shown, author: Author, count: int, *, nothing: bool) -> list[Leaf]:
    """Fields that the document does not answer: mostly such as its kind may hold."""
    random, known = author.random, [fact.concept for fact in shown.facts.values()]
    closely = 0 if nothing else sum(random.random() < 0.65 for _ in range(count))
    found = strangers.near(shown.repertoire, known, random, closely)
    leaves = [_leaf(concept, None, shown, author) for concept in found]
    invented = sum(random.random() < 0.1 for _ in range(count - len(found)))
    others = [
        *strangers.far(known, shown.text, random, count - len(found) - invented),
        *strangers.made_up(shown.words, shown.text, random, invented),
    ]
    return [*leaves, *(Leaf(concept, None, author.key(concept, own_words=True)) for concept in others)]


def _leaf(concept: Concept, fact: Fact | None, shown: Shown, author: Author) -> Leaf:
    """With the words of its name, and whether they need a description beside other facts that are like it."""
    key = author.key(concept)
    others = [other.concept for other in shown.facts.values() if other.concept.name != concept.name]
    shared = any(key in other.keys for other in others)
    is_vague = is_generic(key) and concept.kind is not Kind.LIST and any(is_alike(concept, [one]) for one in others)
    return Leaf(concept, fact, key, needed=shared or is_vague)
