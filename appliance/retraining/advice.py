"""What to do next, as the page of the models says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from appliance.retraining.queries import Store
from appliance.retraining.rows import ModelRow
from models_store.card import ModelState


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence, and where to go. `kind`: info, success or warning."""

    sentence: str
    kind: str = "info"
    icon: str = "info"
    url: str = ""
    link: str = ""


def next_steps(store: Store) -> list[Advice]:
    """The most urgent first; none while there is nothing to do."""
    return [*_due(store), *_waiting(store)]


def _due(store: Store) -> Iterator[Advice]:
    for row in store.rows:
        if row.is_due and row.state is ModelState.PRODUCTION:
            yield Advice(
                f"{row.card.name} is in force and was taught by a document that was withdrawn: train again without it.",
                "warning",
                "rotate",
                _card(row),
                "See its card",
            )


def _waiting(store: Store) -> Iterator[Advice]:
    """The newest candidate that passed, when it is newer than the model in force."""
    since = store.in_force.made_at if store.in_force else ""
    for row in store.rows:
        is_ready = row.state is ModelState.CANDIDATE and bool(row.verdict and row.verdict.get("passed"))
        if is_ready and row.card.made_at > since:
            yield Advice(
                f"{row.card.name} passed its tests. Look at its figures, then ask to put it in force.",
                "success",
                "check",
                _card(row),
                "Open its card",
            )
            return


def _card(row: ModelRow) -> str:
    return reverse("retraining:model", args=[row.card.digest])
