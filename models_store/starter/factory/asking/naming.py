"""Names and descriptions of fields, in the habits of one author of schemas."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import Concept, is_held_out

GENERIC = frozenset(WORDS["generic_words"])
_LONGEST_NAME = 60
_CLAUSES = frozenset("a an the what when where which who whose how whether why each every all any".split())
"""A description that begins with one of these stands by itself: "extract the when" is no sentence."""
_SHORT = {word: tuple(forms.split("|")) for word, forms in (entry.split("=") for entry in WORDS["abbreviations"])}


@dataclass(slots=True)
class Author:
    """One author's habits. `described` is the share of fields with a description, `foreign` of names that are taken
    from printed labels, `dry` of descriptions that are mere codes; `numbered` gives names without any meaning."""

    random: Random
    held_out: bool = False
    described: float = 0.7
    foreign: float = 0.1
    dry: float = 0.0
    shortens: bool = False
    prefix: str = ""
    suffix: str = ""
    case: str = "snake"
    numbered: str = ""
    count: int = 0

    @classmethod
    def draw(cls, random: Random, *, held_out: bool = False) -> Author:
        """Half of the authors have no oddity at all."""
        author = cls(random, held_out)
        author.described = random.choice((0.0, 0.5, 0.8, 0.9, 1.0, 1.0))
        author.foreign = random.choice((0.0, 0.0, 0.1, 0.3, 0.9))
        author.dry = 0.8 if random.random() < 0.04 else 0.0
        if random.random() < 0.5:
            return author
        author.shortens = random.random() < 0.4
        author.prefix = random.choice(WORDS["name_prefixes"]) if random.random() < 0.15 else ""
        author.suffix = random.choice(WORDS["name_suffixes"]) if random.random() < 0.12 else ""
        author.case = random.choice(("snake", "snake", "snake", "camel", "Camel", "flat", "UPPER"))
        author.numbered = random.choice(WORDS["code_names"]) if random.random() < 0.1 else ""
        author.count = random.randint(0, 90)
        return author

    def key(self, concept: Concept, *, own_words: bool = False) -> str:
        """The words of a name in snake_case: one of the concept's keys, or a label. Not yet the name itself."""
        if not own_words and self.random.random() < self.foreign and (slugs := _slugs(concept, self.held_out)):
            return self.random.choice(slugs)
        return self.random.choice(concept.keys)

    def name(self, key: str) -> str:
        """The name as this author writes it."""
        if self.numbered:
            self.count += self.random.randint(1, 3)
            return self.numbered.format(self.count)
        words = key.split("_")
        if self.shortens:
            words = [self.random.choice(_SHORT[w]) if w in _SHORT and self.random.random() < 0.7 else w for w in words]
        return self._cased("_".join((self.prefix + "_".join(words) + self.suffix).split("_")))[:_LONGEST_NAME].rstrip(
            "_"
        )

    def description(self, concept: Concept, key: str, *, needed: bool = False) -> str:
        """A description, or none. One that is needed carries the meaning alone."""
        needed = needed or bool(self.numbered)
        if not needed and self.random.random() >= self.described:
            return ""
        if not needed and self.random.random() < self.dry:
            return self.random.choice(WORDS["code_descriptions"]).format(self.random.randint(1, 160))
        texts = [text for text in concept.descriptions if " " in text or not needed]
        text = self.random.choice(texts) if texts else key.replace("_", " ")
        form = self.random.choice(WORDS["description_forms"])
        labels = _labels(concept, self.held_out)
        if text.split(" ")[0].lower() in _CLAUSES and "{d}" in form and not form.startswith("{d}"):
            return text
        if not text or ("{d}" not in form and "{D}" not in form and needed) or ("{l}" in form and not labels):
            return text
        words = key.replace("_", " ")
        label = self.random.choice(labels) if "{l}" in form else ""
        return form.format(d=text, D=text[:1].upper() + text[1:], k=words, K=words.capitalize(), l=label)

    def _cased(self, name: str) -> str:
        if self.case == "UPPER":
            return name.upper()
        if self.case == "flat":
            return name.replace("_", "")
        if self.case == "snake":
            return name
        words = "".join(word.capitalize() for word in name.split("_"))
        return words if self.case == "Camel" else words[:1].lower() + words[1:]


def is_generic(key: str) -> bool:
    """True where a key of these words could be said of half of all documents."""
    return set(key.split("_")) <= GENERIC


def slug(text: str) -> str:
    """The words of `text` in plain small letters, joined by underscores."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


@lru_cache(4096)
def _slugs(concept: Concept, held_out: bool) -> tuple[str, ...]:
    """Names made of labels; only such as say something."""
    slugs = {slug(label) for label in _labels(concept, held_out)}
    return tuple(sorted(s for s in slugs if re.fullmatch(r"[a-z][a-z0-9_]{3,30}", s) and not is_generic(s)))


@lru_cache(4096)
def _labels(concept: Concept, held_out: bool) -> tuple[str, ...]:
    return tuple(label for label in concept.labels if is_held_out(label) == held_out and len(label) > 3)
