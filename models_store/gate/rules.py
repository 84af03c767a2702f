"""The rules that look at the candidate's answers: enough of them, valid, verbatim, better, calibrated, kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from models_store.evaluation.calibration import Calibration, calibration
from models_store.evaluation.paired import Comparison, NotComparable, Paired, compare, retention
from models_store.gate.evidence import Evidence, Reason
from models_store.gate.policy import Policy

_FEW_VALUES = 6
"""With fewer, even losing all of them could be chance."""


def enough(policy: Policy, evidence: Evidence) -> Reason:
    n = len(evidence.candidate.documents)
    said = f"{n} documents were measured; at least {policy.least_documents} are asked for."
    return Reason("documents", n >= policy.least_documents, said, {"n": n})


def valid(policy: Policy, evidence: Evidence) -> Reason:
    documents = evidence.candidate.documents
    n, bad = len(documents), sum(not document.is_valid for document in documents)
    said = f"{bad} of {n} answers do not fit the document type." if bad else f"All {n} answers fit the document type."
    return Reason("schema_valid", not bad and n > 0, said, {"n": n, "not_valid": bad})


def verbatim(policy: Policy, evidence: Evidence) -> Reason:
    documents = evidence.candidate.documents
    n = sum(document.texts for document in documents)
    bad = n - sum(document.verbatim for document in documents)
    said = f"{bad} of {n} values do not stand on their page." if bad else f"All {n} values stand on their page."
    return Reason("verbatim", not bad, said, {"n": n, "not_verbatim": bad})


def better(policy: Policy, evidence: Evidence) -> Iterator[Reason]:
    """In all, and in no field worse."""
    if evidence.in_force is None:
        yield Reason("overall", True, "No model is in force: there is nothing to be better than.")
        return
    try:
        found = compare(evidence.in_force, evidence.candidate, margin=policy.margin)
    except NotComparable as error:
        yield Reason("overall", False, f"Not compared with the model in force: {error}.")
        return
    yield _overall("overall", "the model in force", found, policy)
    yield from _fields(found, policy)


def better_than_untuned(policy: Policy, evidence: Evidence) -> Iterator[Reason]:
    if not policy.must_beat_untuned:
        return
    if evidence.untuned is None:
        yield Reason("untuned", False, "The model that it was tuned from was not measured.")
        return
    try:
        found = compare(evidence.untuned, evidence.candidate)
    except NotComparable as error:
        yield Reason("untuned", False, f"Not compared with the model that it was tuned from: {error}.")
        return
    yield _overall("untuned", "the model that it was tuned from", found, policy)


def kept(policy: Policy, evidence: Evidence) -> Reason:
    """Of full precision. The measured share decides; the lower end of its interval guards against luck."""
    if evidence.full_precision is None:
        return Reason("retention", False, "The model was not measured in full precision: what is lost is not known.")
    try:
        found = retention(evidence.full_precision, evidence.candidate)
    except NotComparable as error:
        return Reason("retention", False, f"Not compared with full precision: {error}.")
    low, high = found.interval
    said = f"Keeps {_percent(found.value)} of full precision (95 % interval {_percent(low)} to {_percent(high)}"
    said += f", n = {found.documents}); {_percent(policy.retention)} are asked for."
    is_enough = found.value >= policy.retention
    if is_enough and low < policy.retention_low:
        said += f" The interval reaches below {_percent(policy.retention_low)}: too few documents to be sure."
    figures = {"value": found.value, "interval": list(found.interval), "n": found.documents}
    return Reason("retention", is_enough and low >= policy.retention_low, said, figures)


def calibrated(policy: Policy, evidence: Evidence) -> Reason:
    """Confidence must mean what it says (ECE), or at least still rank right above wrong (AUROC)."""
    now = calibration(evidence.candidate.values)
    if evidence.in_force is None:
        return Reason("calibration", True, f"{_calibration(now)} No model is in force to compare it with.")
    before = calibration(evidence.in_force.values)
    figures = {"ece": now.ece, "ece_before": before.ece, "auroc": now.auroc, "auroc_before": before.auroc, "n": now.n}
    if min(now.n, before.n) < policy.least_confidences:
        said = (
            f"Confidence of {now.n} answers is too little to say anything about; {policy.least_confidences} would do."
        )
        return Reason("calibration", False, said, figures)
    is_honest = now.ece is not None and before.ece is not None and now.ece <= before.ece + policy.ece_rise
    # Where all are right or all are wrong there is nothing to rank.
    is_ranked = None in (now.auroc, before.auroc) or (now.auroc or 0) >= (before.auroc or 0) - policy.auroc_drop
    said = f"{_calibration(now)} Before: {_calibration(before)}"
    return Reason("calibration", is_honest or is_ranked, said, figures)


def _overall(code: str, than: str, found: Comparison, policy: Policy) -> Reason:
    whole, (low, high) = found.overall, found.interval
    is_better = found.p_not_better <= policy.chance_better
    said = f"Against {than}: {_change(whole)}, {_points(found.difference)} points (95 % interval {_points(low)} to"
    said += f" {_points(high)}; {whole.n} values in {found.documents} documents; p {_chance(found.p_not_better)})."
    if not is_better:
        said += " That is not shown to be better." if not policy.margin else " That it is no worse is not shown."
    figures = {
        **asdict(whole),
        "documents": found.documents,
        "difference": found.difference,
        "interval": list(found.interval),
        "p_not_better": found.p_not_better,
    }
    return Reason(code, is_better, said, figures)


def _fields(found: Comparison, policy: Policy) -> Iterator[Reason]:
    """One reason for each field that is worse, or one for all of them."""
    worse = worse_fields(found.fields, policy.chance_field)
    for name in worse:
        field = found.fields[name]
        said = f"{name}: {_change(field)} (n = {field.n}, p {_chance(field.p_worse)})"
        yield Reason("field_worse", False, said, {"field": name, **asdict(field)})
    if not worse:
        few = [name for name, field in found.fields.items() if field.n < _FEW_VALUES]
        said = f"No field of {len(found.fields)} is worse beyond chance."
        said += f" Too few values to say so of {', '.join(few)}." if few else ""
        yield Reason("fields", True, said, {"fields": len(found.fields), "few": few})


def worse_fields(fields: Mapping[str, Paired], chance: float) -> list[str]:
    """Holm: the least likely first, each against what is left of `chance`."""
    ordered = sorted(fields, key=lambda name: fields[name].p_worse)
    worse: list[str] = []
    for tried, name in enumerate(ordered):
        if fields[name].p_worse > chance / (len(ordered) - tried):
            break
        worse.append(name)
    return worse


def _change(field: Paired) -> str:
    if field.lost > field.won:
        return f"{field.lost} right before and wrong now, {field.won} the other way"
    return f"{field.won} wrong before and right now, {field.lost} the other way"


def _calibration(found: Calibration) -> str:
    ece = "–" if found.ece is None else f"{found.ece:.3f}"
    auroc = "–" if found.auroc is None else f"{found.auroc:.3f}"
    return f"Confidence is off by {ece} on average and ranks right above wrong in {auroc} of pairs (n = {found.n})."


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"


def _chance(p: float) -> str:
    return f"= {p:.3f}" if p >= 0.001 else "< 0.001"
