"""Thousands of test parts drawn from stated rates: how often the gate lets a worse model through, and a better one.

No model is asked. A value is right where its difficulty, partly that of its document, partly its own and the same for
both models, lies below the model's ability in its field; so the two models fail on the same values mostly, as two
models of one family do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from models_store.evaluation.intervals import wilson
from models_store.evaluation.records import DocumentOutcome, Evaluation, ValueOutcome
from models_store.gate import Evidence, Policy, judge

ABILITY = (0.95, 0.9, 0.85, 0.75, 0.65, 0.55)
"""Of the model in force: the share of values that it has right, by field."""
_OF_DOCUMENT, _OF_VALUE = 0.3, 0.5
"""Of the variance of a value's difficulty: what all values of its document share, and what both models share."""
_FACTORY = Evaluation(model="f", labels="factory", documents=())
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class World:
    """`change`: of the candidate's ability by field, in shares. `documents`: of the test part. `mislabelled`: share of
    the labels of the last field that are wrong, in the very way in which the candidate has learnt to be wrong."""

    name: str
    change: tuple[float, ...]
    documents: int = 40
    mislabelled: float = 0.0

    @property
    def is_worse(self) -> bool:
        return sum(self.change) - self.mislabelled < 0


def everywhere(points: float) -> tuple[float, ...]:
    return (points / 100,) * len(ABILITY)


WORLDS = (
    *(World(f"{points} points in every field", everywhere(points)) for points in (-20, -10, -5, -2, -1)),
    *(World(f"{points} points in every field, 150 documents", everywhere(points), 150) for points in (-5, -1)),
    World("-30 points in one field, +4 in the others", (0.04, 0.04, 0.04, 0.04, 0.04, -0.3)),
    World("equal", everywhere(0)),
    World("10 % of a field learnt wrong, labelled wrong alike", everywhere(0), mislabelled=0.1),
    World("10 % of a field learnt wrong, labelled wrong alike, 300 documents", everywhere(0), 300, 0.1),
    *(World(f"+{points} points in every field", everywhere(points)) for points in (5, 10, 20)),
    World("+5 points in every field, 150 documents", everywhere(5), 150),
)


@dataclass(frozen=True, slots=True)
class Promoted:
    """How often the gate let the candidate of a world through."""

    world: World
    passed: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, of 95 %."""
        return wilson(self.passed, self.of)


def promoted(world: World, *, times: int, policy: Policy, seed: int = 1) -> Promoted:
    """The same seed gives the same test parts."""
    random = np.random.default_rng([seed, *world.name.encode()])
    return Promoted(world, sum(judge(policy, _evidence(world, random)).passed for _ in range(times)), times)


def _evidence(world: World, random: np.random.Generator) -> Evidence:
    size = (world.documents, len(ABILITY))
    shared = _drawn(random, (world.documents, 1), _OF_DOCUMENT) + _drawn(random, size, _OF_VALUE)
    own = 1 - _OF_DOCUMENT - _OF_VALUE
    before = _margins(shared + _drawn(random, size, own), ABILITY)
    margins = _margins(shared + _drawn(random, size, own), [a + c for a, c in zip(ABILITY, world.change, strict=True)])
    if world.mislabelled:
        wrong = random.random(world.documents) < world.mislabelled
        margins[wrong, -1] = np.abs(margins[wrong, -1])
        before[wrong, -1] = -np.abs(before[wrong, -1])
    candidate = _evaluation(margins)
    return Evidence(
        candidate=candidate,
        in_force=_evaluation(before),
        full_precision=candidate,
        factory_candidate=_FACTORY,
        factory_in_force=_FACTORY,
        train_originals=frozenset({"other"}),
        near_duplicates=(),
    )


def _drawn(random: np.random.Generator, size: tuple[int, int], variance: float) -> NDArray[np.float64]:
    return random.normal(0.0, variance**0.5, size)


def _margins(difficulty: NDArray[np.float64], ability: Sequence[float]) -> NDArray[np.float64]:
    """(documents, fields): right where it is above 0."""
    return np.array([_NORMAL.inv_cdf(min(max(a, 0.01), 0.99)) for a in ability]) - difficulty


def _evaluation(margins: NDArray[np.float64]) -> Evaluation:
    """Confidence follows from the margin: honest, and of both models alike."""
    sure = 1 / (1 + np.exp(-1.7 * margins))
    documents = tuple(
        DocumentOutcome.model_construct(
            id=str(number),
            original=f"o{number}",
            seconds=0.1,
            is_valid=True,
            texts=1,
            verbatim=1,
            error="",
            values=tuple(_value(f"f{n}", row[n], float(sure[number, n])) for n in range(len(row))),
        )
        for number, row in enumerate(margins)
    )
    return Evaluation.model_construct(model="m", labels="drawn", documents=documents, file_bytes=1)


def _value(field: str, margin: float, sure: float) -> ValueOutcome:
    right = bool(margin > 0)
    return ValueOutcome.model_construct(
        path=field, field=field, expected="x", got="x" if right else "y", is_right=right, is_exact=right,
        confidence=sure, is_extra=False, regions=(),
    )  # fmt: skip
