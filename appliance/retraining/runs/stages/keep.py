"""The candidates with their cards -> the store. Nothing is in force by this: people decide."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from pydantic import JsonValue

from appliance.retraining.models import Measured, Part, StepName
from appliance.retraining.runs import bases
from appliance.retraining.runs.label_files import originals_in
from appliance.retraining.runs.options import ADAPTER
from appliance.retraining.runs.stages.convert import name_of
from appliance.retraining.runs.work import Work
from models_store import store
from models_store.card import ModelCard, ModelState
from models_store.weights import add_weights

LIMITS = [
    "Tuned on documents of one type: others may be read worse; see the score on the made-up set.",
    "What limits the model it was made from limits this one too: see its card, named as base.",
]


def keep(work: Work) -> None:
    """May run twice: what the store holds already stays as it is. Raises StoreError."""
    root = settings.MODELS_STORE_ROOT
    for step in work.open_steps(StepName.KEEP):
        work.begin(step)
        weights = add_weights(work.folder.merged, root=root)
        candidates = list(work.run.measured.filter(is_candidate=True))
        for measured in candidates:
            _keep(work, measured, weights)
        work.end(step, after=weights, figures={"candidates": len(candidates)})


def _keep(work: Work, measured: Measured, weights: str) -> None:
    root, state, adapter = settings.MODELS_STORE_ROOT, ModelState.CANDIDATE, work.folder.model(ADAPTER)
    card = _card(work, measured, weights)
    if measured.quantization == ADAPTER:
        alone = {"weights": "", "runs_on": card.base, "document_type": work.document_type}
        store.add_adapter(adapter, card.model_copy(update=alone), root=root, state=state)
    else:
        store.add(work.folder.model(measured.quantization), card, root=root, state=state, adapter=adapter)


def _card(work: Work, measured: Measured, weights: str) -> ModelCard:
    """The run's figures and the verdict go along, so that the card says all by itself."""
    run, base = work.run, bases.trainable(work.run.base_digest)
    more: dict[str, Any] = {"training": _training(work), "verdict": measured.verdict}
    return ModelCard(
        digest=measured.model_digest,
        name=f"{name_of(work)}-{measured.quantization}",
        base=base.digest,
        adapter=_digest_after(work, StepName.TUNE),
        adapter_file=_digest_after(work, StepName.CONVERT, ADAPTER),
        weights=weights,
        dataset_digest=run.snapshot.digest,
        documents=_taught_by(work),
        quantization=measured.quantization,
        parameters=base.parameters,
        context_tokens=base.context_tokens,
        scores=scores_of(measured),
        made_by=f"run {run.pk} on this box",
        made_at=timezone.now().isoformat(timespec="seconds"),
        licence=base.licence,
        limits=LIMITS,
        **more,
    )


def scores_of(measured: Measured) -> dict[str, JsonValue]:
    """As a card keeps them: F1 of all and of each field with n and interval."""
    summary, factory = measured.summary, measured.factory_summary
    scores: dict[str, JsonValue] = {"F1 on the frozen test part": _score(summary, summary["n"])}
    for name, field in summary["fields"].items():
        scores[f"F1 of {name}"] = _score(field, field["recall"]["n"])
    if factory:
        scores["F1 on the made-up set"] = _score(factory, factory["n"])
    return scores


def _score(figures: dict[str, Any], n: int) -> JsonValue:
    return {"value": figures["f1"], "n": n, "interval": figures["f1_interval"]}


def _training(work: Work) -> dict[str, Any]:
    result = work.run.steps.get(name=StepName.TUNE).figures.get("result", {})
    return {"run": work.run.pk, "preset": work.run.preset, "options": work.run.options, "result": result}


def _digest_after(work: Work, name: StepName, subject: str = "") -> str:
    return work.run.steps.get(name=name, subject=subject).digest_after


def _taught_by(work: Work) -> tuple[str, ...]:
    """Originals whose labels were written for training, those that a teacher labelled among them."""
    return tuple(sorted(originals_in(work.folder.labels(Part.TRAIN))))
