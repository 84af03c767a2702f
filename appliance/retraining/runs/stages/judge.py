"""The measured candidates -> a verdict on each, by the run's policy, and the one that is recommended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings

from appliance.retraining.models import Part, StepName
from appliance.retraining.runs import bases, leases
from appliance.retraining.runs.label_files import originals_in, texts_in
from appliance.retraining.runs.options import ADAPTER, FULL_PRECISION
from appliance.retraining.runs.plan import IN_FORCE
from appliance.retraining.runs.stages.measure import FACTORY, evaluation_of, measured_of, role_of
from appliance.retraining.runs.work import Work
from models_store import gate
from models_store.evaluation import Evaluation, NotComparable, compare, retention
from models_store.gate import Evidence, Policy, Twin, Verdict, near_duplicates, recommend
from models_store.lineage import ancestry, cards


def judge(work: Work) -> None:
    for step in work.open_steps(StepName.JUDGE):
        work.begin(step)
        evidence = _evidence(work)
        policy = Policy.model_validate(work.run.policy)
        verdicts = {name: gate.judge(policy, one) for name, one in evidence.items()}
        best = recommend([(evidence[name].candidate, verdict) for name, verdict in verdicts.items()])
        chosen = next((name for name, one in evidence.items() if one.candidate is best), "")
        with leases.holding(work.claim) as run:
            for name, verdict in verdicts.items():
                told = verdict.as_dict() | _compared(evidence[name])
                run.measured.filter(role=role_of(name)).update(verdict=told, is_chosen=name == chosen)
            leases.write(work.claim, verdict=_told(verdicts, chosen))
            work.end(step, figures={"chosen": chosen})


def _evidence(work: Work) -> dict[str, Evidence]:
    """What is known of each candidate; what is the same for all of them is looked up once."""
    before, full = evaluation_of(work.folder, IN_FORCE), measured_of(work.folder, FULL_PRECISION)
    factory_before = evaluation_of(work.folder, IN_FORCE, FACTORY)
    tested = frozenset(originals_in(work.folder.labels(Part.TEST)))
    taught, twins = _taught_by(work), _twins(work)
    return {
        name: Evidence(
            candidate=measured_of(work.folder, name),
            in_force=before,
            full_precision=full,
            serves_one_type=name == ADAPTER,
            factory_candidate=evaluation_of(work.folder, name, FACTORY),
            factory_in_force=factory_before,
            train_originals=taught,
            test_originals=tested,
            near_duplicates=twins,
        )
        for name in work.options.quantizations
    }


def _compared(evidence: Evidence) -> dict[str, Any]:
    """What the page shows beside the verdict: wins and losses by field, and what the file keeps of full precision."""
    told: dict[str, Any] = {}
    if evidence.in_force:
        told["compared"] = _comparison(evidence.in_force, evidence.candidate)
    if evidence.full_precision:
        told["retention"] = asdict(retention(evidence.full_precision, evidence.candidate))
    return told


def _comparison(before: Evaluation, now: Evaluation) -> dict[str, Any] | None:
    try:
        return asdict(compare(before, now))
    except NotComparable:
        return None


def _told(verdicts: Mapping[str, Verdict], chosen: str) -> dict[str, Any]:
    passed = {name: verdict.passed for name, verdict in verdicts.items()}
    return {"passed": bool(chosen), "chosen": chosen, "candidates": passed}


def _taught_by(work: Work) -> frozenset[str]:
    """Originals that taught the candidates, a teacher's too, or any model that they come from."""
    known = cards(root=settings.MODELS_STORE_ROOT)
    base = bases.trainable(work.run.base_digest)
    handed_down = {name for one in ancestry(base.digest, known) if one.card for name in one.card.documents}
    return frozenset(handed_down | originals_in(work.folder.labels(Part.TRAIN)))


def _twins(work: Work) -> tuple[Twin, ...]:
    return near_duplicates(texts_in(work.folder.labels(Part.TRAIN)), texts_in(work.folder.labels(Part.TEST)))
