"""What the pages about models show: the store of models, and what each model made on this box."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from pydantic import JsonValue

from appliance.documents.models import Extraction
from appliance.retraining.models import Measured, RunStep
from appliance.retraining.rows import Known, ModelRow, row_of
from appliance.retraining.scores import Score, scores_of
from models_store.card import ModelCard
from models_store.lineage import Ancestor, ancestry, cards
from models_store.store import StoredModel, StoreError, current, list_models, read_card, state_of, verify


@dataclass(frozen=True, slots=True)
class Verdict:
    is_sound: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Store:
    """`problem` is a sentence where the store cannot be read; then nothing else is known."""

    rows: tuple[ModelRow, ...] = ()
    in_force: ModelCard | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What a model made: extractions of one version of a type."""

    type_name: str
    version: int
    extractions: int


@dataclass(frozen=True, slots=True)
class ModelPage:
    """`lineage`: the model, its base, the base's base. `steps`: of the run that made it. `origin`: what the intake
    noted of an imported one; texts in it are its publisher's."""

    row: ModelRow
    scores: tuple[Score, ...]
    made: tuple[MadeBy, ...]
    lineage: tuple[Ancestor, ...]
    parents: tuple[tuple[str, str, bool], ...]
    measured: tuple[Measured, ...] = ()
    steps: tuple[RunStep, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def limits_are_a_list(self) -> bool:
        return isinstance(self.row.card.limits, list)


def store() -> Store:
    """Every model of this box, the newest first."""
    root = _root()
    try:
        models = list_models(root=root)
        in_force = current(root=root)
        known = Known.now(root)
    except StoreError as error:
        return Store(problem=str(error))
    return Store(tuple(row_of(model, known, root) for model in models), in_force)


def model_page(digest: str) -> ModelPage:
    """Raises StoreError for a digest that the store does not hold."""
    root = _root()
    card = read_card(digest, root=root)
    row = row_of(StoredModel(card, state_of(digest, root=root)), Known.now(root), root)
    known = {model.card.digest for model in list_models(root=root)}
    extra = dict(card.model_extra or {})
    origin = extra.pop("origin", None)
    parents = (("Base model", card.base), ("Adapter", card.adapter), ("Data set", card.dataset_digest))
    return ModelPage(
        row=row,
        scores=tuple(scores_of(card)),
        made=tuple(_made_by(digest)),
        lineage=ancestry(digest, cards(root=root)),
        parents=tuple((label, name, name in known) for label, name in parents if name),
        measured=tuple(_measured_on(digest)),
        steps=tuple(_steps_of(digest)),
        origin=origin if isinstance(origin, dict) else {},
        more={name.replace("_", " ").capitalize(): _pretty(extra[name]) for name in extra if name != "verdict"},
    )


def check_integrity(digest: str) -> Verdict:
    """Reads all the weights again; seconds for a large model."""
    try:
        verify(digest, root=_root())
    except StoreError as error:
        return Verdict(False, str(error))
    return Verdict(True, "The weights are exactly the ones that the digest names.")


def _measured_on(digest: str) -> QuerySet[Measured]:
    """The newest first."""
    found = Measured.objects.filter(model_digest=digest).order_by("-pk")
    return found.select_related("snapshot__type_version__document_type", "run")


def _steps_of(digest: str) -> QuerySet[RunStep]:
    """Of the run that this model came out of; none where it was not made here."""
    runs = Measured.objects.filter(model_digest=digest, is_candidate=True).order_by("-pk").values("run")[:1]
    return RunStep.objects.filter(run__in=runs).exclude(digest_after="")


def _pretty(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _made_by(digest: str) -> list[MadeBy]:
    found = (
        Extraction.objects.filter(model_digest=digest)
        .order_by()
        .values("type_version__document_type__name", "type_version__number")
        .annotate(count=Count("pk"))
        .order_by("type_version__document_type__name", "type_version__number")
    )
    return [MadeBy(e["type_version__document_type__name"], e["type_version__number"], e["count"]) for e in found]


def _root() -> Path:
    root: Path = settings.MODELS_STORE_ROOT
    return root
