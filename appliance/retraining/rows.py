"""Models as rows of a list: what the card says, and what this box knows of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count

from appliance.documents.models import Extraction
from appliance.operations.heartbeat import models_in_memory
from appliance.retraining.models import Measured, Withdrawal
from appliance.retraining.scores import Score, scores_of
from models_store.card import ModelCard, ModelState
from models_store.intake.families import FAMILIES
from models_store.lineage import ancestry, cards
from models_store.names import read_names
from models_store.store import StoredModel, StoreError, files_of
from models_store.weights import has_weights


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model. `size` in bytes; None where the weights are not there. `names`: given here, beside the card's.

    `is_due`: a document that taught it, or its base, was withdrawn. `held_by`: workers that have it in memory.
    `measured`: the newest measurement with a verdict, else the newest one.
    """

    card: ModelCard
    state: ModelState
    size: int | None
    extractions: int
    names: tuple[str, ...] = ()
    can_be_trained: bool = False
    is_due: bool = False
    held_by: tuple[str, ...] = ()
    measured: Measured | None = None
    family: str = ""

    @property
    def parameters(self) -> str:
        """In words; empty where the card does not say."""
        count = self.card.parameters
        if not count:
            return ""
        return f"{count / 1e9:.1f} billion" if count >= 10**9 else f"{count / 1e6:.0f} million"

    @property
    def verdict(self) -> Mapping[str, Any] | None:
        """`passed` and `reasons`, None where no run judged it."""
        return self.measured.verdict if self.measured else None

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
class Known:
    """What is looked up once for all rows."""

    extractions: Mapping[str, int]
    names: Mapping[str, str]
    cards: Mapping[str, ModelCard]
    withdrawn: frozenset[str]
    held: Mapping[str, list[str]]
    measured: Mapping[str, Measured]

    @classmethod
    def now(cls, root: Path) -> Known:
        """Raises StoreError."""
        withdrawn = frozenset(Withdrawal.objects.values_list("original_sha256", flat=True))
        return cls(
            _extraction_counts(), read_names(root=root), cards(root=root), withdrawn, models_in_memory(), _measured()
        )


def row_of(model: StoredModel, known: Known, root: Path) -> ModelRow:
    card, digest = model.card, model.card.digest
    line = ancestry(digest, known.cards)
    return ModelRow(
        card,
        model.state,
        _size(digest, root),
        known.extractions.get(digest, 0),
        names=tuple(sorted(name for name, named in known.names.items() if named == digest)),
        can_be_trained=has_weights(card.weights, root=root),
        is_due=any(known.withdrawn & set(step.card.documents) for step in line if step.card),
        held_by=tuple(known.held.get(digest, ())),
        measured=known.measured.get(digest),
        family=next((family for step in line if (family := _family(step.card))), ""),
    )


def _family(card: ModelCard | None) -> str:
    """As the intake noted it of a model that was imported; empty for all others."""
    origin = (card.model_extra or {}).get("origin") if card else None
    return family_name(origin.get("family") if isinstance(origin, dict) else None)


def family_name(key: object) -> str:
    """Empty for a family that is not known here."""
    return next((family.name for family in FAMILIES if family.key == key), "")


def _measured() -> dict[str, Measured]:
    """The newest with a verdict wins over a newer one without."""
    found = Measured.objects.select_related("run").defer("summary").order_by("pk")
    ranked = sorted(found, key=lambda one: (one.verdict is not None, one.pk))
    return {one.model_digest: one for one in ranked}


def _size(digest: str, root: Path) -> int | None:
    try:
        return files_of(digest, root=root).size
    except (StoreError, OSError):
        return None


def _extraction_counts() -> dict[str, int]:
    found = Extraction.objects.order_by().values("model_digest").annotate(count=Count("pk"))
    return {entry["model_digest"]: entry["count"] for entry in found}
