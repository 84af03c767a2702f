"""Intervals of 95 %: Wilson's of a share, and those that draw documents anew.

Values of one document are not independent, so F1 is drawn by document. Draws say nothing where all documents agree
(ten right ones of ten): then Wilson's ends are the wider ones, and the wider ones count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from extraction.scores import Counts

Interval = tuple[float, float]
_Z = 1.959964
"""For 95 %."""
_TAILS = (2.5, 97.5)
DRAWS = 1000
_SEED = 1


def wilson(right: float, n: float) -> Interval:
    """The 95 % interval of `right` out of `n`, which need not be whole; (0, 1) where nothing was counted."""
    if n <= 0:
        return 0.0, 1.0
    share, z2 = right / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def f1_interval(counts: Counts) -> Interval:
    """F1 is the share of right values in right + (wrong + missed) / 2: taken as that many draws. Values of one document
    are not independent, so the true interval is somewhat wider."""
    return wilson(counts.right, counts.right + (counts.wrong + counts.missed) / 2)


def f1_by_document(counts: Sequence[Counts]) -> Interval:
    """Of the F1 of all documents together: the wider of the ends of both ways."""
    low, high = f1_interval(sum(counts, Counts()))
    if len(counts) < 2:
        return low, high
    drawn = f1_of(table(counts)[draws(len(counts))].sum(axis=1))
    ends = np.percentile(drawn, _TAILS)
    return min(low, float(ends[0])), max(high, float(ends[1]))


def table(counts: Sequence[Counts]) -> NDArray[np.float64]:
    """(documents, 3): right, wrong, missed."""
    return np.array([(c.right, c.wrong, c.missed) for c in counts], dtype=np.float64).reshape(-1, 3)


def f1_of(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., 3) -> (...); 0 where nothing was counted."""
    right = 2 * sums[..., 0]
    whole = right + sums[..., 1] + sums[..., 2]
    return np.divide(right, whole, out=np.zeros_like(right), where=whole > 0)


def draws(n: int) -> NDArray[np.int64]:
    """(DRAWS, n): numbers of documents, with repetition; always the same ones."""
    return np.random.default_rng(_SEED).integers(0, n, size=(DRAWS, n))


def drawn_interval(n: int, statistic: Callable[[NDArray[np.int64]], NDArray[np.float64]]) -> Interval:
    """`statistic`: (draws, n) numbers of documents -> (draws,). Raises ValueError without documents."""
    low, high = np.nanpercentile(statistic(draws(n)), _TAILS)
    return float(low), float(high)
