"""What a request to put a model in force means, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from appliance.compliance.errors import StoreUnreadable
from appliance.compliance.models import Approval, Promotion
from appliance.compliance.promotion import digest_in_force, types_with_their_own
from appliance.retraining.queries import scores_of
from appliance.retraining.serving.standing import standing_of
from models_store import store
from models_store.card import ModelCard


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure by the cards of both models, each with its n; empty where a card does not give it."""

    name: str
    in_force: str
    wanted: str


def scores_compared(approval: Approval) -> tuple[Compared, ...]:
    """The wanted model against the one in force, or after the decision the one that was in force before it."""
    done = Promotion.objects.filter(approval=approval).first()
    try:
        before = done.instead_of if done else digest_in_force(_type_of(approval))
    except StoreUnreadable:
        before = ""
    old = _by_measure(_card(before)) if before else {}
    new = _by_measure(_card(approval.subject))
    return tuple(Compared(name, old.get(name, ""), new.get(name, "")) for name in {**new, **old})


def title_of_promotion(approval: Approval) -> str:
    verb = "Go back to the model" if approval.details["goes_back"] else "Put in force the model"
    document_type = _type_of(approval)
    whose = f", for documents of the type “{document_type}” alone" if document_type else ""
    return f"{verb} “{approval.details['name']}”{whose}"


def sentences_of_promotion(approval: Approval) -> tuple[str, ...]:
    """Before the decision what would happen, afterwards what happened."""
    done = Promotion.objects.filter(approval=approval).first()
    if done is not None:
        return _done(approval, done)
    card, document_type = _card(approval.subject), _type_of(approval)
    scope = f" for documents of the type {document_type}" if document_type else ""
    return (
        f"In force now{scope}: {_in_force_in_words(document_type)}.",
        f"In force from then on: {_in_words(card, approval.subject)}.",
        *_whose_it_is(document_type),
        f"Its base: {_in_words(_card(card.base), card.base) if card and card.base else 'its card names none'}.",
        "Its weights are read again first; where they do not fit the digest, nothing changes.",
        "Documents being worked on end with the model until now. Later ones get the new one; nothing is read anew.",
        "The administrator can undo it by one click: the model until now stays ready, and you see it on the overview.",
    )


def obstacle_to_promotion(approval: Approval) -> str:
    if _card(approval.subject) is None:
        return "It cannot be carried out: the model is not in the store any more, or its card cannot be read."
    if not standing_of(approval.subject).may_be_asked_for:
        return "It cannot be carried out: measured since it was asked for, or still to be measured. See the evidence."
    try:
        in_force = digest_in_force(_type_of(approval))
        return "There is nothing to do: it is in force already." if in_force == approval.subject else ""
    except StoreUnreadable as error:
        return f"It cannot be carried out. {error.sentence}"


def change_since_asked(approval: Approval) -> str:
    """A sentence where the model in force is no longer the one that the request meant to replace; else ""."""
    document_type = _type_of(approval)
    try:
        now = digest_in_force(document_type)
    except StoreUnreadable:
        return ""
    then = approval.details["instead_of"]
    if now == then:
        return ""
    was = _in_words(_card(then), then) if then else "none"
    return (
        f"The model in force has changed since this was asked for. It was {was}; it is "
        f"{_in_force_in_words(document_type)} now. "
        "See whether the reason still holds."
    )


def _done(approval: Approval, done: Promotion) -> tuple[str, ...]:
    name = f"{approval.details['name']} ({done.digest[:12]})"
    before = _in_words(_card(done.instead_of), done.instead_of) if done.instead_of else "none"
    if done.moved_at is None:
        return (
            f"It is approved and in the log, but {name} is not in force yet: the store still names the model before.",
            "The box tries again every minute.",
            "If this stays so, the administrator checks the model's weights, and whether the store can be written.",
        )
    newer = Promotion.objects.filter(document_type=done.document_type, pk__gt=done.pk)
    if newer.filter(moved_at=done.moved_at).exists():  # closed together with it
        return (f"{name} was approved, but before it came in force another model was approved and took its place.",)
    return (f"{name} was put in force.", f"In force before it: {before}.")


def _type_of(approval: Approval) -> str:
    """Of an adapter: the one type that it answers."""
    document_type: str = approval.details.get("document_type", "")  # none in a request of an earlier release
    return document_type


def _whose_it_is(document_type: str) -> tuple[str, ...]:
    try:
        own = [] if document_type else types_with_their_own()
    except StoreUnreadable:
        own = []
    if document_type:
        return ("It is an adapter over its base: documents of all other types stay with the model they have.",)
    return (f"Types with an adapter of their own keep it: {', '.join(own)}.",) if own else ()


def _in_force_in_words(document_type: str) -> str:
    try:
        digest = digest_in_force(document_type)
    except StoreUnreadable:
        return "not known, because the store of models cannot be read"
    return _in_words(_card(digest), digest) if digest else "none"


def _in_words(card: ModelCard | None, digest: str) -> str:
    return f"{card.name} ({digest[:12]})" if card else f"a model that is not in the store ({digest[:12]})"


def _by_measure(card: ModelCard | None) -> dict[str, str]:
    return {score.name: f"{score.value} (n = {score.n or 'not given'})" for score in scores_of(card)} if card else {}


def _card(digest: str) -> ModelCard | None:
    try:
        return store.read_card(digest, root=settings.MODELS_STORE_ROOT)
    except store.StoreError:
        return None
