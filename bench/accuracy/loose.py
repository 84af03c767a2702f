"""Names that were tidied by whoever labelled them: compared by their words."""

from __future__ import annotations

import re

_SHARE = 2 / 3
_WORD = re.compile(r"[^\W_]+")
_IDLE = frozenset(
    ("a", "and", "co", "company", "corp", "for", "inc", "llc", "of", "ltd", "pol", "political", "the", "us")
)


def same_words(one: str, other: str) -> bool:
    """At least two thirds of the words of the shorter name stand in the other. Legal forms and the like do not count,
    nor do single letters and years."""
    first, second = sorted((_words(one), _words(other)), key=len)
    return bool(first) and len(first & second) >= _SHARE * len(first)


def _words(name: str) -> set[str]:
    words = {word for word in _WORD.findall(name.casefold()) if len(word) > 1 and not word.isdigit()}
    return words - _IDLE or words
