"""What the pages show of the models at work."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from appliance.compliance.errors import ComplianceError, StoreUnreadable
from appliance.compliance.models import Promotion
from appliance.compliance.promotion import digest_in_force, types_with_their_own, way_back
from appliance.retraining.models import ServingAlarm, ShadowRun
from appliance.retraining.serving.alarms import open_alarms
from appliance.retraining.serving.evidence import EvidenceShown, evidence_on
from models_store import store
from models_store.card import ModelCard
from models_store.store import ALL_TYPES


@dataclass(frozen=True, slots=True)
class Named:
    """A model and its name; only the start of its digest where its card is gone."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Now:
    """Who answers documents of a type; `document_type` empty: all that have no adapter of their own.

    `last`: how the one in force came to be it. `way_back`: where one click leads; None, then `no_way_back` says why.
    `is_moving`: decided, but the store does not point to it yet.
    """

    document_type: str
    in_force: Named | None
    last: Promotion | None
    alarm: ServingAlarm | None
    instead: Named | None
    way_back: Named | None
    no_way_back: str
    is_moving: bool


def now(document_type: str = ALL_TYPES) -> Now | None:
    """None where nobody can tell; the page of the models says so."""
    try:
        in_force = digest_in_force(document_type)
    except StoreUnreadable:
        return None
    alarm = open_alarms().filter(document_type=document_type).first()
    promotions = Promotion.objects.filter(document_type=document_type)
    last = promotions.select_related("approval__decided_by", "put_back_by").last()
    returns_to, refusal = _way_back(document_type)
    return Now(
        document_type=document_type,
        in_force=named(in_force) if in_force else None,
        last=last if last is not None and last.digest == in_force else None,
        alarm=alarm,
        instead=named(alarm.serving) if alarm and alarm.serving else None,
        way_back=returns_to,
        no_way_back=refusal,
        is_moving=last is not None and last.moved_at is None,
    )


def now_by_type() -> list[Now]:
    """Of each type that an adapter of its own answers, by name; empty where nobody can tell."""
    try:
        names = types_with_their_own()
    except StoreUnreadable:
        return []
    return [one for name in names if (one := now(name)) is not None]


def named(digest: str) -> Named:
    card = card_of(digest)
    return Named(digest, card.name if card else f"{digest[:12]}…")


def card_of(digest: str) -> ModelCard | None:
    try:
        return store.read_card(digest, root=settings.MODELS_STORE_ROOT)
    except store.StoreError:
        return None


def steps_of(digest: str) -> QuerySet[Promotion]:
    """When the model came in force and when another one took its place, by whose word; the newest first."""
    steps = Promotion.objects.filter(Q(digest=digest) | Q(instead_of=digest))
    return steps.select_related("approval__decided_by", "approval__asked_by", "put_back_by").order_by("-pk")


def shadows_of(digest: str) -> QuerySet[ShadowRun]:
    """The newest first; `count` documents each."""
    runs = ShadowRun.objects.filter(model_digest=digest).select_related("begun_by")
    return runs.annotate(count=Count("results")).order_by("-begun_at")


def evidence_against_the_one_in_force(digest: str) -> EvidenceShown:
    """Of an adapter: against the one that answers its type now."""
    card = card_of(digest)
    try:
        in_force = digest_in_force(card.document_type if card else ALL_TYPES)
    except StoreUnreadable:
        in_force = ""
    return evidence_on(digest, in_force=in_force)


def _way_back(document_type: str) -> tuple[Named | None, str]:
    try:
        return named(way_back(document_type).returns_to), ""
    except ComplianceError as error:
        return None, f"{error.sentence} {error.next_step}"
