"""The rules about what a model remembers: nothing of the test, and still what it knew before."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

from models_store.evaluation.records import Evaluation
from models_store.gate.evidence import Evidence, Reason
from models_store.gate.policy import Policy

_SHOWN = 5
_SMALL = 0.001


def unseen(policy: Policy, evidence: Evidence) -> Reason:
    """No test document taught the candidate, or a model that it was made from."""
    named = {document.original for document in evidence.candidate.documents} | evidence.test_originals
    test, train = named - {""}, evidence.train_originals - {""}
    if not test or not train:
        return Reason("leak", False, "Nothing says which originals taught the model and which it was measured on.")
    leaked = sorted(test & train)
    if leaked:
        said = f"{len(leaked)} of {len(test)} test documents taught the model: what it scores on them says nothing."
        return Reason("leak", False, f"{said} Measure it on others.", {"n": len(test), "leaked": leaked[:_SHOWN]})
    said = f"None of the {len(test)} test documents is among the {len(train)} that taught the model."
    return Reason("leak", True, said, {"n": len(test), "leaked": []})


def unlike(policy: Policy, evidence: Evidence) -> Reason:
    """No test document nearly stands among the training documents."""
    twins = evidence.near_duplicates
    if twins is None:
        return Reason("near_duplicate", False, "Nobody looked for test documents that are nearly training documents.")
    if twins:
        said = f"{len(twins)} test documents are nearly the same as documents that taught the model, one"
        said += f" in {max(twin.share for twin in twins):.0%} of its text. Measure it on others."
        return Reason("near_duplicate", False, said, {"twins": [(t.test, t.train, t.share) for t in twins[:_SHOWN]]})
    return Reason("near_duplicate", True, "No test document is nearly the same as one that taught the model.")


def remembered(policy: Policy, evidence: Evidence) -> Iterator[Reason]:
    """On the factory set: values that are read, and nulls that stay null."""
    now, before = evidence.factory_candidate, evidence.factory_in_force
    if evidence.serves_one_type:
        yield Reason("forgetting", True, "It answers this one type alone; documents of others keep their model.")
    elif now is None or (before is None and evidence.in_force is not None):
        yield Reason("forgetting", False, "The factory set was not measured: what the model forgot is not known.")
    elif before is None:
        yield Reason("forgetting", True, "No model is in force: there is nothing to forget.")
    elif before.labels != now.labels:
        yield Reason("forgetting", False, "The two models were not asked about the same factory set.")
    else:
        yield _kept("forgotten_values", "values", values_right(before), values_right(now), policy)
        yield _kept("forgotten_nulls", "empty fields", nulls_right(before), nulls_right(now), policy)


def values_right(evaluation: Evaluation) -> tuple[int, int]:
    """(right, labelled values)."""
    wanted = [value for value in evaluation.values if value.expected is not None]
    return sum(value.is_right for value in wanted), len(wanted)


def nulls_right(evaluation: Evaluation) -> tuple[int, int]:
    """(kept empty, fields that must stay empty)."""
    nulls = [value for value in evaluation.values if value.is_null]
    return sum(value.is_right for value in nulls), len(nulls)


def _kept(code: str, what: str, before: tuple[int, int], now: tuple[int, int], policy: Policy) -> Reason:
    """Few are right of a weak model, so a loss counts only where chance would seldom give it to a model that forgets
    no more than is allowed."""
    chance = _at_most(now[0], before[0], 1 - policy.forgotten)
    said = (
        f"Of documents of other kinds (the factory set) it has {now[0]} {what} right, before {before[0]}, of {now[1]};"
    )
    said += f" {policy.forgotten:.0%} may be lost (p {'<' if chance < _SMALL else '='} {max(chance, _SMALL):.3f})."
    figures = {"now": now[0], "before": before[0], "n": now[1], "p": chance}
    return Reason(code, chance >= policy.chance_field, said, figures)


def _at_most(kept: int, n: int, share: float) -> float:
    """The chance of keeping so few of `n`, or fewer, when each is kept with this share (binomial)."""
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(min(kept, n) + 1))
