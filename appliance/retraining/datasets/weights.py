"""How much each document counts in training, so that no person and no sender teaches more than a share.

Weights instead of leaving documents out: nothing that was reviewed is thrown away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

LEAST = 0.25
"""No document counts less, also where the share is then not kept: three documents must not outweigh three hundred."""


def capped(keys: Sequence[Hashable], weights: Sequence[float], *, share: float) -> list[float]:
    """Lower the weights of those keys that have more than `share` of the sum, until none has, or to LEAST."""
    totals: Counter[Hashable] = Counter()
    for key, weight in zip(keys, weights, strict=True):
        totals[key] += weight  # type: ignore[assignment]  # a Counter adds fractions as well
    factors = _factors(totals, share)
    return [max(LEAST, weight * factors[key]) for key, weight in zip(keys, weights, strict=True)]


def shares(keys: Sequence[Hashable], weights: Sequence[float]) -> dict[Hashable, float]:
    """Of each key: its part of the sum of weights."""
    whole = sum(weights) or 1.0
    found: dict[Hashable, float] = dict.fromkeys(keys, 0.0)
    for key, weight in zip(keys, weights, strict=True):
        found[key] += weight / whole
    return found


def _factors(totals: Mapping[Hashable, float], share: float) -> dict[Hashable, float]:
    """The largest are lowered to the share of what is then the sum; fewer keys than that share allows become equal."""
    share = max(share, 1 / max(1, len(totals)))
    lowered: set[Hashable] = set()
    largest_first = sorted(totals, key=lambda key: -totals[key])
    for key in largest_first:
        if totals[key] <= share * _sum(totals, lowered, share) + 1e-9:
            break
        lowered.add(key)
    whole = _sum(totals, lowered, share)
    return {key: share * whole / totals[key] if key in lowered else 1.0 for key in totals}


def _sum(totals: Mapping[Hashable, float], lowered: set[Hashable], share: float) -> float:
    """The sum of weights when each of `lowered` has just its share."""
    return sum(total for key, total in totals.items() if key not in lowered) / max(1e-9, 1 - share * len(lowered))
