"""Texts that are nearly the same: the same scan read twice, the same letter sent twice.

A text is its set of three words in a row (shingles). A sketch keeps of that set the least value under each of 128 hash
functions (MinHash): the share of equal places in two sketches estimates the share of shingles that two texts have in
common (Jaccard), within about 0.08. Sketches are compared only where a band of four places is equal, which finds
99.9 % of the pairs at 0.8 without comparing all with all. `datasketch` does the same and would bring SciPy along.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

_Key = TypeVar("_Key", int, str)
NEAR = 0.8
"""Forms of one sender that differ in their values stay well below; a rescan with some misread words stays above."""
PLACES, _BAND, _SHINGLE = 128, 4, 3
_PRIME = np.uint64((1 << 31) - 1)
_RANDOM = np.random.default_rng(20_260)
_FACTORS, _ADDENDS = (_RANDOM.integers(1, int(_PRIME), size=(PLACES, 1), dtype=np.uint64) for _ in range(2))


def sketch_of(text: str) -> list[int]:
    """128 numbers of 31 bits; the same text always gives the same ones."""
    words = re.findall(r"[^\W_]+", text.casefold())
    shingles = {" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))}
    hashes = np.array([_hash(shingle) for shingle in sorted(shingles)], dtype=np.uint64)
    least: list[int] = ((_FACTORS * hashes + _ADDENDS) % _PRIME).min(axis=1).tolist()
    return least


def near_pairs(sketches: Mapping[_Key, Sequence[int]]) -> Iterator[tuple[_Key, _Key]]:
    """Every pair of texts that are nearly the same, each once, in the order of the mapping."""
    keys = list(sketches)
    table = np.array([sketches[key] for key in keys], dtype=np.uint32).reshape(len(keys), PLACES)
    for one, other in sorted(_candidates(table)):
        if float((table[one] == table[other]).mean()) >= NEAR:
            yield keys[one], keys[other]


def _candidates(table: np.ndarray) -> set[tuple[int, int]]:
    """Pairs with an equal band."""
    found: set[tuple[int, int]] = set()
    for start in range(0, PLACES, _BAND):
        rows: defaultdict[bytes, list[int]] = defaultdict(list)
        for at, row in enumerate(table[:, start : start + _BAND]):
            rows[row.tobytes()].append(at)
        found.update((a, b) for same in rows.values() for i, a in enumerate(same) for b in same[i + 1 :])
    return found


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=4).digest()) & int(_PRIME)
