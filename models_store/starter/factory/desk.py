"""What every document writer has at hand: the values, the draft, and labels of the wanted side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

from extraction.schema import Kind
from models_store.starter.factory.draft import Draft, Fact, Row
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.values import Values
from models_store.starter.factory.wordings import CONCEPTS, Concept, pick_label


class Desk:
    """One document's desk. `held_out` takes labels that training never sees; `size` 0 to 3 is how long it may
    get."""

    def __init__(self, pools: Pools, random: Random, *, held_out: bool = False, size: int = 1) -> None:
        self.random, self.held_out, self.size = random, held_out, size
        self.values = Values(pools, random)
        self.draft = Draft()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def label(self, concept: Concept) -> str:
        return pick_label(concept.labels, self.random, held_out=self.held_out)

    def phrase(self, patterns: Sequence[str]) -> str:
        """One of some sentences or headings, of the side (trained on, or kept for evaluation) that is wanted."""
        return pick_label(patterns, self.random, held_out=self.held_out)

    def variant(self, ways: Mapping[str, Callable[[], None]]) -> None:
        """Does it in one of some named ways; a fifth of the names is kept for evaluation."""
        ways[pick_label(list(ways), self.random, held_out=self.held_out)]()

    def state(self, name: str, text: str | None = None, option: str = "") -> str:
        """Marks a value of this concept, a fresh one where no text is given."""
        concept = CONCEPTS[name]
        if text is None:
            text, option = self._fresh(concept)
        return self.draft.state(concept, text, option)

    def _fresh(self, concept: Concept) -> tuple[str, str]:
        """A text, and what it means where the field is closed."""
        if concept.kind is Kind.BOOLEAN:
            option = self.random.choice(("true", "false"))
            return self.values.word_of("yes" if option == "true" else "no"), option
        option = self.random.choice(concept.options) if concept.options else ""
        return option or self.values.of(concept.maker or "anything"), option

    def pair(self, name: str, text: str | None = None) -> Pair:
        """A label and a marked value."""
        return self.label(CONCEPTS[name]), self.state(name, text)

    def some(self, chances: str) -> list[Pair]:
        """Pairs of some concepts in random order; `chances` is "date=90 time=30", in percent."""
        wanted = [entry.split("=") for entry in chances.split()]
        names = [name for name, percent in wanted if self.chance(int(percent) / 100)]
        self.random.shuffle(names)
        return [self.pair(name) for name in names]

    def rows(self, concept: Concept, rows: Iterable[Row]) -> None:
        self.draft.facts[concept.name] = Fact(concept, list(rows))

    def many(self, concept: Concept, values: Sequence[str]) -> list[str]:
        """Marks several values of one field."""
        marked = [self.draft.mark(value) for value in values]
        self.draft.facts[concept.name] = Fact(concept, marked)
        return marked


Writer = Callable[[Desk], None]
"""Writes one document of a kind onto a desk."""
