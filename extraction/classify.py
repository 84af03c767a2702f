"""Which document type is this? By words alone: explainable, and a new type needs no training.

Each type is described by the words of its name, label, description and fields, and by a few words that stand on such
documents. A page's words are weighed by how few types share them (TF-IDF) and compared by cosine. When the best type is
not clearly ahead of the second, there is no answer: a clerk chooses.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.records import Page
from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.type_words import EMPTY_WORDS, TYPE_WORDS

Weights = dict[str, float]

PAGES_LOOKED_AT = 3
LEAST_SCORE = 0.2
LEAST_LEAD = 0.2
"""How far the best type must be ahead of the second, as a part of the best one's score."""
TITLE_WORDS = 60
TITLE_WEIGHT = 2.0
"""Words at the top of the first page say more about the kind of a document than those further down."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = frozenset(EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """A type's name, and how sure the guess is: 0 (a tie) to 1 (no other type fits at all)."""

    name: str
    confidence: float


def classify(pages: Sequence[Page], types: Sequence[DocumentTypeSpec]) -> TypeGuess | None:
    """The type that fits these pages best, or None when there is no clear one."""
    scores = sorted(score_types(pages, types).items(), key=lambda item: -item[1])
    if not scores:
        return None
    name, best = scores[0]
    second = scores[1][1] if len(scores) > 1 else 0.0
    lead = (best - second) / best if best else 0.0
    return TypeGuess(name, round(lead, 3)) if best >= LEAST_SCORE and lead >= LEAST_LEAD else None


def score_types(pages: Sequence[Page], types: Sequence[DocumentTypeSpec]) -> dict[str, float]:
    """Cosine (0..1) of the pages with each type, by the type's name."""
    profiles = {spec.name: _profile(spec) for spec in types}
    rarity = _rarity(profiles.values())
    document = _unit({word: count * rarity[word] for word, count in _page_words(pages).items() if word in rarity})
    return {name: _cosine(document, _weighed(profile, rarity)) for name, profile in profiles.items()}


def _profile(spec: DocumentTypeSpec) -> Counter[str]:
    """The words of a type; those of its name and of `TYPE_WORDS` count more than those of its fields."""
    words = Counter(dict.fromkeys(_words(" ".join(_field_texts(spec.fields))), 1))
    for word in _words(f"{spec.name} {spec.label} {spec.description}".replace("_", " ")):
        words[word] += 2
    for word in _words(TYPE_WORDS.get(spec.name, "")):
        words[word] += 3
    return words


def _field_texts(fields: Iterable[FieldSpec]) -> Iterable[str]:
    for spec in fields:
        yield f"{spec.name} {spec.label} {spec.description}".replace("_", " ")
        yield from _field_texts(spec.fields)


def _page_words(pages: Sequence[Page]) -> Weights:
    """Occurrences, damped: a word that stands there ten times is not ten times as telling."""
    text = "\n".join(page.text for page in pages[:PAGES_LOOKED_AT])
    words = _words(text)
    damped = {word: 1 + math.log(count) for word, count in Counter(words).items()}
    for word in set(words[:TITLE_WORDS]):
        damped[word] *= TITLE_WEIGHT
    return damped


def _words(text: str) -> list[str]:
    """Letters only, folded, without accents, three letters or more; plain plurals as their singular."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return [_singular(word) for word in _WORD.findall(bare) if word not in _EMPTY]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _rarity(profiles: Iterable[Counter[str]]) -> Weights:
    """Smooth inverse document frequency over the types."""
    everything = list(profiles)
    frequency = Counter(word for profile in everything for word in profile)
    return {word: math.log((1 + len(everything)) / count) for word, count in frequency.items()}


def _weighed(profile: Counter[str], rarity: Weights) -> Weights:
    return _unit({word: count * rarity[word] for word, count in profile.items()})


def _unit(weights: Weights) -> Weights:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def _cosine(one: Weights, other: Weights) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())
