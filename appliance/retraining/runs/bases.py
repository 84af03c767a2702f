"""Models that a run can start from: those of the store whose trainable weights are there."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from appliance.retraining.runs.errors import NotTrainable
from models_store import store
from models_store.card import ModelCard, ModelState
from models_store.weights import has_weights


def trainable_models() -> list[tuple[ModelCard, ModelState]]:
    """The model in force first, then the newest. One line for each folder of weights: quantizations share one.

    Empty where the store cannot be read.
    """
    try:
        models = [model for model in store.list_models(root=_root()) if _is_trainable(model.card)]
    except store.StoreError:
        return []
    models.sort(key=lambda model: model.state is not ModelState.PRODUCTION)
    by_weights = {model.card.weights: model for model in reversed(models)}
    first = [model for model in models if by_weights.get(model.card.weights) is model]
    return [(model.card, model.state) for model in first]


def trainable(digest: str) -> ModelCard:
    """Raises NotTrainable."""
    try:
        card = store.read_card(digest, root=_root())
    except store.StoreError as error:
        raise NotTrainable(str(error)) from error
    if not _is_trainable(card):
        raise NotTrainable(card.name)
    return card


def teachers() -> list[ModelCard]:
    """Models that may label documents for another one: all but adapters. Empty where the store cannot be read."""
    try:
        return [model.card for model in store.list_models(root=_root()) if not model.card.runs_on]
    except store.StoreError:
        return []


def in_force(document_type: str = store.ALL_TYPES) -> ModelCard | None:
    """Who answers documents of a type. None where no model is in force, and where the store cannot be read."""
    try:
        return store.current(root=_root(), document_type=document_type)
    except store.StoreError:
        return None


def _is_trainable(card: ModelCard) -> bool:
    return has_weights(card.weights, root=_root())


def _root() -> Path:
    root: Path = settings.MODELS_STORE_ROOT
    return root
