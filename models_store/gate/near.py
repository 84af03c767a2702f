"""Test documents that nearly stand among the training documents: the same letter scanned twice, a form filled in alike.

Texts are compared by their shingles, runs of five words. Words are letters and digits in lower case, so that layout and
punctuation do not count; numbers do, so two invoices of one sender are not the same document.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHINGLE = 5
ALIKE = 0.8
"""Shingles that both have, of those that one of them has."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Twin:
    """A test document and the training document that it is most like; `share` of their shingles is the same."""

    test: str
    train: str
    share: float


def near_duplicates(train: Mapping[str, str], test: Mapping[str, str], *, alike: float = ALIKE) -> tuple[Twin, ...]:
    """Both: texts by a name, such as the digest of the original. Time grows with the words of all texts."""
    sizes: dict[str, int] = {}
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for name, text in train.items():
        found = shingles(text)
        sizes[name] = len(found)
        for shingle in found:
            holders[shingle].append(name)
    twins = (_nearest(name, shingles(text), holders, sizes) for name, text in test.items())
    return tuple(twin for twin in twins if twin is not None and twin.share >= alike)


def shingles(text: str) -> frozenset[int]:
    """Of a shorter text the whole of it."""
    words = _WORD.findall(text.casefold())
    last = max(1, len(words) - SHINGLE + 1)
    return frozenset(hash(tuple(words[start : start + SHINGLE])) for start in range(last)) if words else frozenset()


def _nearest(
    name: str, own: frozenset[int], holders: Mapping[int, Iterable[str]], sizes: Mapping[str, int]
) -> Twin | None:
    shared = Counter(holder for shingle in own for holder in holders.get(shingle, ()))
    shares = ((count / (len(own) + sizes[holder] - count), holder) for holder, count in shared.items())
    share, holder = max(shares, default=(0.0, ""))
    return Twin(name, holder, round(share, 4)) if holder else None
