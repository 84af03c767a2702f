"""What a document does not hold, and may fairly be asked for all the same: the answer is null."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from extraction.schema import Kind
from models_store.starter.factory.asking.naming import GENERIC, is_generic, slug
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS, Concept, is_alike

_ALL = (*CONCEPTS.values(), *LISTS.values())
_TRIES = 6
"""How many concepts are looked at for each one that is wanted."""
_SHORTEST_LABEL = 4
_SAME = {word: line.split()[0] for line in WORDS["same_words"] for word in line.split()}
"""Words that mean much the same, by the first of them."""


def near(repertoire: Collection[str], known: Sequence[Concept], random: Random, count: int) -> list[Concept]:
    """Concepts that the same writer states in other documents. A writer marks whatever it prints of them, so they
    are absent where they are not stated."""
    names = {concept.name for concept in known}
    others = sorted(name for name in repertoire if name not in names)
    found: list[Concept] = []
    for name in random.sample(others, min(count * 2, len(others))):
        concept = CONCEPTS.get(name) or LISTS[name]
        if len(found) < count and not is_alike(concept, known):
            found.append(concept)
    return found


def far(known: Sequence[Concept], text: str, random: Random, count: int) -> list[Concept]:
    """Concepts of any other kind of document that nothing on the page could answer: no stated concept shares a word
    with their keys, and none of their labels or own words is printed. Only keys that say something are kept."""
    page = text.casefold()
    taken = {word for concept in known for word in _words(concept)}
    found: dict[str, Concept] = {}
    for concept in random.sample(_ALL, min(count * _TRIES, len(_ALL))):
        if len(found) == count:
            break
        if _words(concept) & taken or is_alike(concept, known) or _is_printed(concept, page):
            continue
        if keys := tuple(key for key in concept.keys if not is_generic(key) and key not in found):
            found[concept.name] = replace(concept, keys=keys)
    return list(found.values())


def made_up(words: Sequence[str], text: str, random: Random, count: int) -> Iterator[Concept]:
    """Concepts of random words that the page does not show."""
    page = text.casefold()
    for _ in range(count):
        chosen = [random.choice(words) for _ in range(random.randint(1, 2))]
        key = slug(" ".join(chosen))
        if len(key) > 3 and key[0].isalpha() and not any(word in page for word in chosen):
            label = " ".join(chosen)
            yield Concept(key, Kind.TEXT, (key,), ("", label, f"the {label}"))


def _is_printed(concept: Concept, page: str) -> bool:
    """True where a label or a telling word of the concept's keys is on the page."""
    return any(label in page for label in _labels(concept)) or any(word in page for word in _telling(concept))


@lru_cache(4096)
def _labels(concept: Concept) -> tuple[str, ...]:
    return tuple({label.casefold() for label in concept.labels if len(label) >= _SHORTEST_LABEL})


@lru_cache(4096)
def _telling(concept: Concept) -> frozenset[str]:
    """The words of the concept's keys that say something; all of them where none does."""
    words = {word for key in concept.keys for word in key.split("_") if len(word) > 2}
    return frozenset(words - GENERIC) or frozenset(words)


@lru_cache(4096)
def _words(concept: Concept) -> frozenset[str]:
    """The telling words, each by the first of those that mean the same."""
    return frozenset(_SAME.get(word, word) for word in _telling(concept))
