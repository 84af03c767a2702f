"""What a verdict stands on, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models_store.evaluation.records import Evaluation
from models_store.gate.near import Twin


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evaluations of the frozen test part, but for the two of the factory set.

    `in_force`: None where no model ever was. `full_precision`: the candidate itself where it is not quantized.
    `factory_in_force`: of the model in force, or of the one that ships where losses must not add up over the years.
    `serves_one_type`: the candidate answers no other documents than those of the test part's type, so what it would do
    with others is not asked. `train_originals`: SHA-256 of what taught the candidate or any model that it was made
    from; `test_originals` adds to what the evaluation itself names. What is None or empty was not looked at, and then
    the rule that needs it refuses.
    """

    candidate: Evaluation
    in_force: Evaluation | None = None
    full_precision: Evaluation | None = None
    factory_candidate: Evaluation | None = None
    factory_in_force: Evaluation | None = None
    serves_one_type: bool = False
    untuned: Evaluation | None = None
    train_originals: frozenset[str] = frozenset()
    test_originals: frozenset[str] = frozenset()
    near_duplicates: tuple[Twin, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule: a stable code, whether it is kept, a sentence for the admin, the figures behind it."""

    code: str
    passed: bool
    sentence: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` of all rules, those that are kept too."""

    passed: bool
    reasons: tuple[Reason, ...]

    @property
    def refusals(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.passed)

    def as_dict(self) -> dict[str, Any]:
        """JSON, as it is kept."""
        return asdict(self)
