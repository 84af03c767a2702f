"""Two models on the same documents: which values one has right and the other wrong, and what chance would do.

Single fields: McNemar's exact test over the values on which the two differ. All together: the values of one document go
together, so whole documents change sides (a sign-flip test).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from models_store.evaluation.intervals import Interval, drawn_interval, f1_of, table
from models_store.evaluation.records import DocumentOutcome, Evaluation, ValueOutcome

_FLIPS = 10_000
_AT_ONCE = 1_000
_SEED = 1


class NotComparable(Exception):
    """The two did not answer the same documents with the same labels. The message says what differs."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Values of one field. `won`: right now and wrong before; `lost`: the other way. `p_worse`: the chance of so many
    losses among those that differ if both were equally good; `p`: of so large a difference either way."""

    n: int
    won: int
    lost: int
    p_worse: float
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference`: share of right values, now minus before, with its interval of 95 % over documents; values that
    nobody asked for count as wrong. `p_not_better`: the chance of it if the model were no better than before."""

    documents: int
    fields: Mapping[str, Paired]
    overall: Paired
    difference: float
    interval: Interval
    p_not_better: float


def compare(before: Evaluation, now: Evaluation, *, margin: float = 0.0) -> Comparison:
    """`margin`: how much worse (share of 1) still counts as no worse, in `p_not_better`. Raises NotComparable."""
    pairs = list(zip(*_same_documents(before, now), strict=True))
    judged = [_judged(one, other) for one, other in pairs]
    gains = np.array([sum(b - a for _, a, b in document) for document in judged], dtype=np.float64)
    sizes = np.array([len(document) for document in judged], dtype=np.float64)
    every = [value for document in judged for value in document]
    names = dict.fromkeys(name for name, _, _ in every)
    n = len(judged)
    return Comparison(
        documents=n,
        fields={name: _paired([(a, b) for field, a, b in every if field == name]) for name in names},
        overall=_paired([(a, b) for _, a, b in every]),
        difference=float(gains.sum() / max(sizes.sum(), 1)),
        interval=drawn_interval(n, lambda drawn: _shares(gains, sizes, drawn)) if n else (-1.0, 1.0),
        p_not_better=sign_flip(gains + margin * sizes),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """The share of a model's F1 that a smaller file of it keeps, with its interval of 95 % over documents."""

    value: float
    interval: Interval
    documents: int


def retention(full: Evaluation, smaller: Evaluation) -> Kept:
    """Raises NotComparable. Where the full model has nothing right there is nothing to lose: 1, of (0, 1)."""
    whole, small = (table([d.counts() for d in documents]) for documents in _same_documents(full, smaller))
    before, now = f1_of(whole.sum(axis=0)), f1_of(small.sum(axis=0))
    if not before:
        return Kept(1.0, (0.0, 1.0), len(whole))

    def drawn(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        base = f1_of(whole[numbers].sum(axis=1))
        share = f1_of(small[numbers].sum(axis=1))
        return np.divide(share, base, out=np.full_like(base, np.nan), where=base > 0)

    return Kept(float(now / before), drawn_interval(len(whole), drawn), len(whole))


def mcnemar(won: int, lost: int) -> tuple[float, float]:
    """(chance of at least so many losses, chance of so large a difference either way), both exact."""
    differing = won + lost
    if not differing:
        return 1.0, 1.0
    at_least = sum(comb(differing, k) for k in range(lost, differing + 1)) / 2**differing
    extreme = sum(comb(differing, k) for k in range(max(won, lost), differing + 1)) / 2**differing
    return at_least, min(1.0, 2 * extreme)


def sign_flip(gains: NDArray[np.float64]) -> float:
    """The chance of a sum at least this large if each document's gain were as likely a loss; 1 where none differs."""
    differing = gains[np.abs(gains) > 1e-9]
    if not len(differing):
        return 1.0
    random = np.random.default_rng(_SEED)
    reached, observed = 0, differing.sum() - 1e-9
    for _ in range(_FLIPS // _AT_ONCE):
        signs = random.integers(0, 2, size=(_AT_ONCE, len(differing)), dtype=np.int8) * 2.0 - 1.0
        reached += int((signs @ differing >= observed).sum())
    return (reached + 1) / (_FLIPS + 1)


_Judged = tuple[str, bool, bool]
"""Field, right before, right now."""


def _same_documents(before: Evaluation, now: Evaluation) -> tuple[Sequence[DocumentOutcome], Sequence[DocumentOutcome]]:
    if before.labels != now.labels or [d.id for d in before.documents] != [d.id for d in now.documents]:
        raise NotComparable("the two models were not asked about the same labelled documents")
    return before.documents, now.documents


def _judged(before: DocumentOutcome, now: DocumentOutcome) -> list[_Judged]:
    """What only one of them answered beside the labels, the other one rightly left out."""
    sides = [{value.path: value for value in document.values} for document in (before, now)]
    paths: Mapping[str, ValueOutcome] = sides[0] | sides[1]
    return [(value.field, _is_right(sides[0], path), _is_right(sides[1], path)) for path, value in paths.items()]


def _is_right(side: Mapping[str, ValueOutcome], path: str) -> bool:
    return side[path].is_right if path in side else True


def _paired(judged: Sequence[tuple[bool, bool]]) -> Paired:
    counts = Counter(judged)
    won, lost = counts[False, True], counts[True, False]
    p_worse, p = mcnemar(won, lost)
    return Paired(len(judged), won, lost, p_worse, p)


def _shares(gains: NDArray[np.float64], sizes: NDArray[np.float64], drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    share: NDArray[np.float64] = gains[drawn].sum(axis=1) / np.maximum(sizes[drawn].sum(axis=1), 1)
    return share
