"""Wilson's score interval of a share."""

from __future__ import annotations

from math import sqrt

from extraction.scores import Counts

_Z = 1.959964
"""For 95 %."""


def wilson(right: float, n: float) -> tuple[float, float]:
    """The 95 % interval of `right` out of `n`, which need not be whole; (0, 1) where nothing was counted."""
    if n <= 0:
        return 0.0, 1.0
    share, z2 = right / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def f1_interval(counts: Counts) -> tuple[float, float]:
    """F1 is the share of right values in right + (wrong + missed) / 2: taken as that many draws. Values of one document
    are not independent, so the true interval is somewhat wider."""
    return wilson(counts.right, counts.right + (counts.wrong + counts.missed) / 2)
