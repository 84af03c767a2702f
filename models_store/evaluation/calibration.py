"""Whether confidence means what it says: expected calibration error, and whether it ranks right above wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from models_store.evaluation.intervals import wilson
from models_store.evaluation.records import ValueOutcome

MOST_BINS = 10
LEAST_IN_BIN = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence: the mean of it, and the share that is right with its interval."""

    confidence: float
    right: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """`ece`: mean distance between confidence and share of right ones, weighted by bin. `auroc`: the chance that a
    right answer has the higher confidence than a wrong one, None where all are right or all are wrong."""

    n: int
    ece: float | None
    auroc: float | None
    bins: tuple[Bin, ...]


def calibration(values: Sequence[ValueOutcome]) -> Calibration:
    """Of all answers that have a confidence, nulls too. Bins hold about equally many answers each."""
    scored = sorted((v.confidence, v.is_right) for v in values if v.confidence is not None)
    if not scored:
        return Calibration(0, None, None, ())
    bins = tuple(_bin(part) for part in _parts(scored))
    ece = sum(b.n * abs(b.confidence - b.right) for b in bins) / len(scored)
    return Calibration(len(scored), ece, _auroc(scored), bins)


_Scored = Sequence[tuple[float, bool]]


def _parts(scored: _Scored) -> list[_Scored]:
    """Equal confidences stay together: cut apart, the wrong ones of them would fill a bin of their own."""
    count = min(MOST_BINS, max(1, len(scored) // LEAST_IN_BIN))
    edges = [_behind_twins(scored, round(number * len(scored) / count)) for number in range(count + 1)]
    return [scored[start:end] for start, end in pairwise(edges) if start < end]


def _behind_twins(scored: _Scored, at: int) -> int:
    while 0 < at < len(scored) and scored[at][0] == scored[at - 1][0]:
        at += 1
    return at


def _bin(part: _Scored) -> Bin:
    right = sum(is_right for _, is_right in part)
    low, high = wilson(right, len(part))
    return Bin(sum(c for c, _ in part) / len(part), right / len(part), low, high, len(part))


def _auroc(scored: _Scored) -> float | None:
    """By ranks; equal confidences share theirs. `scored` is sorted."""
    right = sum(is_right for _, is_right in scored)
    wrong = len(scored) - right
    if not right or not wrong:
        return None
    ranks, at = 0.0, 0
    while at < len(scored):
        end = at
        while end < len(scored) and scored[end][0] == scored[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(is_right for _, is_right in scored[at:end])
        at = end
    return (ranks - right * (right + 1) / 2) / (right * wrong)
