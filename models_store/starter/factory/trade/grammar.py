"""Writes short texts from rules: a symbol stands for one of some patterns, and patterns hold further symbols.

A pattern is plain text with `{symbol}`, `#` for a digit. Some symbols
need no rule: `n30` is a number from 1 to 30, `A` a capital letter, `hash` a #, `coined` a word of syllables.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from models_store.starter.factory.pools import Pools

Patterns = tuple[tuple[tuple[bool, str], ...], ...]
"""Patterns, each cut into parts: (is a symbol, text)."""

_PARTS = re.compile(r"\{(\w+)\}|(#)")
_HEADS = "b br c ch d dr f g gr h j k kl l m n p pr r s sch st t tr v w z".split()
_HEARTS = "a a e e i o o u ai au ei ia io ou".split()
_TAILS = "n r l s t m x nd rt nn ck ng lt".split() + [""] * 13


@cache
def read_table(name: str) -> dict[str, Any]:
    """A TOML file beside this module."""
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


def cut_table(table: Mapping[str, list[str]]) -> dict[str, Patterns]:
    """The patterns of a table by symbol, cut into parts."""
    return {symbol: tuple(_cut(pattern) for pattern in patterns) for symbol, patterns in table.items()}


def _cut(pattern: str) -> tuple[tuple[bool, str], ...]:
    parts, end = [], 0
    for found in _PARTS.finditer(pattern):
        if found.start() > end:
            parts.append((False, pattern[end : found.start()]))
        parts.append((True, found.group(1) or "digit"))
        end = found.end()
    return (*parts, (False, pattern[end:])) if end < len(pattern) else tuple(parts)


class Speaker:
    """Says symbols with one document's random numbers."""

    def __init__(self, pools: Pools, random: Random, rules: Mapping[str, Patterns]) -> None:
        self.random, self._rules = random, rules
        self._made: dict[str, Callable[[], str]] = {
            "digit": lambda: string.digits[int(random.random() * 10)],
            "A": lambda: string.ascii_uppercase[int(random.random() * 26)],
            "a": lambda: string.ascii_lowercase[int(random.random() * 26)],
            "hash": lambda: "#",
            "coined": self.coined,
            "word": lambda: random.choice(pools.word).capitalize(),
            "plain": lambda: random.choice(pools.word),
            "first": lambda: random.choice(pools.first),
            "last": lambda: random.choice(pools.last),
            "anywhere": lambda: random.choice(pools.city),
            "job": lambda: random.choice(pools.job),
        }

    def say(self, symbol: str, bound: Mapping[str, Callable[[], str]] | None = None) -> str:
        """A text for `symbol`; `bound` writes some symbols that may occur in it. Raises KeyError."""
        if bound and symbol in bound:
            return bound[symbol]()
        patterns = self._rules.get(symbol)
        if patterns is None:
            return self._make(symbol)
        pattern = patterns[int(self.random.random() * len(patterns))]
        return "".join([self.say(text, bound) if is_symbol else text for is_symbol, text in pattern])

    def _make(self, symbol: str) -> str:
        made = self._made.get(symbol)
        if made is not None:
            return made()
        if symbol[0] == "n" and symbol[1:].isdigit():
            return str(1 + int(self.random.random() * int(symbol[1:])))
        raise KeyError(symbol)

    def coined(self) -> str:
        """A name that no list holds."""
        pick = self.random.choice
        syllables = [pick(_HEADS) + pick(_HEARTS) for _ in range(pick((1, 2, 2, 2, 3)))]
        return ("".join(syllables) + pick(_TAILS)).capitalize()
