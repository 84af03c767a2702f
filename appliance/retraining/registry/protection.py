"""Why a model must stay in the store. Asked when somebody wants it removed, and again before its bytes go."""

from __future__ import annotations

from django.conf import settings

from appliance.compliance.models import Kind
from appliance.compliance.queries import promotion_under_way, request_on
from appliance.retraining.models import RunState, ShadowRun, TrainingRun
from appliance.retraining.registry.jobs import LIVE
from appliance.retraining.registry.models import ModelJob
from models_store import store
from models_store.card import ModelState

_UNFINISHED = (RunState.WAITING, RunState.RUNNING, RunState.STOPPED)


def reasons_to_keep(digest: str, *, but_for: int | None = None) -> tuple[str, ...]:
    """Sentences, none where the model may go. `but_for`: the job that removes it. Raises StoreError."""
    looks = (_in_force, _base_of_others, _wanted_in_force, _tried_out, _trained_from)
    found = [sentence for look in looks for sentence in look(digest)]
    return (*found, *_worked_on(digest, but_for))


def _in_force(digest: str) -> list[str]:
    state = store.state_of(digest, root=settings.MODELS_STORE_ROOT)
    if state is ModelState.PRODUCTION:
        return ["It is in force."]
    if state is ModelState.PREVIOUS:
        return ["It is the previous model, the one to go back to."]
    return []


def _base_of_others(digest: str) -> list[str]:
    made = [model.card for model in store.list_models(root=settings.MODELS_STORE_ROOT) if model.card.base == digest]
    names = ", ".join(f"“{card.name}”" for card in made)
    return [f"It is the base of {names}: remove that first."] if made else []


def _wanted_in_force(digest: str) -> list[str]:
    if promotion_under_way(digest) is not None:
        return ["It was approved and comes in force in a moment."]
    if request_on(Kind.PROMOTE_MODEL, digest) is not None:
        return ["Somebody asked to put it in force; the request waits for a decision."]
    return []


def _tried_out(digest: str) -> list[str]:
    live = ShadowRun.objects.filter(model_digest=digest, ended_at=None).exists()
    return ["It is tried out on live documents: end that first."] if live else []


def _trained_from(digest: str) -> list[str]:
    runs = TrainingRun.objects.filter(base_digest=digest, state__in=_UNFINISHED)
    return [f"Training {pk} starts from it and is not finished." for pk in runs.values_list("pk", flat=True)]


def _worked_on(digest: str, but_for: int | None) -> list[str]:
    jobs = ModelJob.objects.filter(subject=digest, state__in=LIVE).exclude(pk=but_for or 0)
    return [f"The box is at work on it: {job.get_kind_display().lower()}." for job in jobs]
