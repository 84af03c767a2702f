"""All rules in their order, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from models_store.evaluation.paired import NotComparable, compare
from models_store.evaluation.records import Evaluation
from models_store.gate import memory, rules
from models_store.gate.evidence import Evidence, Reason, Verdict
from models_store.gate.policy import Policy

_CHANCE = 0.05


def judge(policy: Policy, evidence: Evidence) -> Verdict:
    """Passed where every rule is kept. Never raises for evidence that is missing: it refuses."""
    reasons: tuple[Reason, ...] = (
        rules.enough(policy, evidence),
        memory.unseen(policy, evidence),
        memory.unlike(policy, evidence),
        rules.valid(policy, evidence),
        rules.verbatim(policy, evidence),
        *rules.better(policy, evidence),
        *rules.better_than_untuned(policy, evidence),
        rules.kept(policy, evidence),
        rules.calibrated(policy, evidence),
        *memory.remembered(policy, evidence),
    )
    return Verdict(all(reason.passed for reason in reasons), reasons)


def recommend(judged: Sequence[tuple[Evaluation, Verdict]]) -> Evaluation | None:
    """The smallest file that passed and that the best of them is not shown to beat, of equal ones the fastest; None
    where none passed."""
    passed = [evaluation for evaluation, verdict in judged if verdict.passed]
    best = max(passed, key=_right, default=None)
    as_good = [one for one in passed if one is best or not (best and _beats(best, one))]
    return min(as_good, key=lambda one: (one.file_bytes, _seconds(one)), default=None)


def _beats(best: Evaluation, other: Evaluation) -> bool:
    """By more than chance gives in one of twenty cases."""
    try:
        return compare(other, best).p_not_better < _CHANCE
    except NotComparable:
        return False


def _right(evaluation: Evaluation) -> int:
    return sum(value.is_right for value in evaluation.values)


def _seconds(evaluation: Evaluation) -> float:
    return sum(document.seconds for document in evaluation.documents)
