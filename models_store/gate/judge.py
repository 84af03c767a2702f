"""All rules in their order, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from models_store.evaluation.records import Evaluation
from models_store.gate import memory, rules
from models_store.gate.evidence import Evidence, Reason, Verdict
from models_store.gate.policy import Policy


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
    """The smallest file that passed, of equal ones the fastest; None where none did."""
    passed = [evaluation for evaluation, verdict in judged if verdict.passed]
    return min(passed, key=lambda one: (one.file_bytes, _seconds(one)), default=None)


def _seconds(evaluation: Evaluation) -> float:
    return sum(document.seconds for document in evaluation.documents)
