"""One document's hand: chance, choices and patterns, and the country that the document is at home in."""

from __future__ import annotations

import string
from collections.abc import Sequence
from random import Random

from models_store.starter.factory.pools import WORDS, Pools

_ABROAD = 0.3
"""Share of the names and places that come from anywhere."""


class Hand:
    """What the writers of values have in common."""

    def __init__(self, pools: Pools, random: Random) -> None:
        self.pools, self.random = pools, random
        self.home = random.choice(list(pools.homes)) if pools.homes else ""

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, options: str) -> str:
        """One of the parts of `options`, cut at |."""
        return self.random.choice(options.split("|"))

    def word_of(self, name: str) -> str:
        """One of a list of words.toml."""
        return self.random.choice(WORDS[name])

    def digits(self, count: int) -> str:
        return "".join(self.random.choices(string.digits, k=count))

    def letters(self, count: int) -> str:
        return "".join(self.random.choices(string.ascii_uppercase, k=count))

    def pattern(self, pattern: str) -> str:
        """The pattern with a digit for each #, a digit that is not 0 for each ~, a capital letter for each @."""
        random = self.random.random
        return "".join(
            str(int(random() * 10))
            if sign == "#"
            else str(1 + int(random() * 9))
            if sign == "~"
            else string.ascii_uppercase[int(random() * 26)]
            if sign == "@"
            else sign
            for sign in pattern
        )

    def local(self, kind: str) -> str:
        """A name or place of the document's country mostly: "first", "last", "city", "street" ..."""
        pool: Sequence[str] = self.pools.homes.get(self.home, {}).get(kind, ())
        if not pool or self.chance(_ABROAD):
            pool = getattr(self.pools, kind)
        return self.random.choice(pool)

    def words(self, low: int = 1, high: int = 3) -> str:
        return " ".join(self.random.choices(self.pools.word, k=self.random.randint(low, high)))
