"""What the pages about models show: the store of models, and what each model made on this box."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from pydantic import JsonValue

from appliance.documents.models import Extraction
from models_store.card import ModelCard, ModelState
from models_store.store import StoredModel, StoreError, current, list_models, model_path, read_card, state_of, verify


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model. `size` in bytes; None where the weights are not there."""

    card: ModelCard
    state: ModelState
    size: int | None
    extractions: int

    @property
    def made_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.card.made_at)
        except ValueError:
            return None

    @property
    def score(self) -> Score | None:
        """The one figure of a list: the first that the card gives."""
        return next(iter(scores_of(self.card)), None)


@dataclass(frozen=True, slots=True)
class Score:
    """One measure: `value` as text, `n` and `interval` empty where the card does not give them."""

    name: str
    value: str
    n: str = ""
    interval: str = ""


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
    row: ModelRow
    scores: tuple[Score, ...]
    made: tuple[MadeBy, ...]
    lineage: tuple[tuple[str, str, bool], ...]
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def limits_are_a_list(self) -> bool:
        return isinstance(self.row.card.limits, list)


@dataclass(frozen=True, slots=True)
class Verdict:
    is_sound: bool
    sentence: str


def store() -> Store:
    """Every model of this box, the newest first."""
    root = _root()
    try:
        models = list_models(root=root)
        in_force = current(root=root)
    except StoreError as error:
        return Store(problem=str(error))
    counts = _extraction_counts()
    return Store(tuple(_row(model, counts, root) for model in models), in_force)


def model_page(digest: str) -> ModelPage:
    """Raises StoreError for a digest that the store does not hold."""
    root = _root()
    card = read_card(digest, root=root)
    row = _row(StoredModel(card, state_of(digest, root=root)), _extraction_counts(), root)
    known = {model.card.digest for model in list_models(root=root)}
    parents = (("Base model", card.base), ("Adapter", card.adapter), ("Data set", card.dataset_digest))
    return ModelPage(
        row=row,
        scores=tuple(scores_of(card)),
        made=tuple(_made_by(digest)),
        lineage=tuple((label, name, name in known) for label, name in parents if name),
        more={name.replace("_", " ").capitalize(): _pretty(v) for name, v in (card.model_extra or {}).items()},
    )


def check_integrity(digest: str) -> Verdict:
    """Reads all the weights again; seconds for a large model."""
    try:
        verify(digest, root=_root())
    except StoreError as error:
        return Verdict(False, str(error))
    return Verdict(True, "The weights are exactly the ones that the digest names.")


def scores_of(card: ModelCard) -> list[Score]:
    """`scores` maps a measure to a number, or to its figures: {"value": 0.91, "n": 300, "interval": [0.88, 0.94]}."""
    return [score for name, figures in card.scores.items() for score in _scores(name, figures)]


def _scores(name: str, figures: JsonValue) -> list[Score]:
    if not isinstance(figures, dict):
        return [Score(name, _text(figures))]
    if "value" in figures:
        rest = {key: _text(figures[key]) for key in ("n", "interval") if key in figures}
        return [Score(name, _text(figures["value"]), **rest)]
    return [score for key, inner in figures.items() for score in _scores(f"{name}: {key}", inner)]


def _text(value: JsonValue) -> str:
    if isinstance(value, list):
        return " to ".join(_text(part) for part in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _pretty(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _row(model: StoredModel, counts: Mapping[str, int], root: Path) -> ModelRow:
    return ModelRow(model.card, model.state, _size(model.card.digest, root), counts.get(model.card.digest, 0))


def _size(digest: str, root: Path) -> int | None:
    try:
        return model_path(digest, root=root).stat().st_size
    except StoreError:
        return None


def _extraction_counts() -> dict[str, int]:
    found = Extraction.objects.order_by().values("model_digest").annotate(count=Count("pk"))
    return {entry["model_digest"]: entry["count"] for entry in found}


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
