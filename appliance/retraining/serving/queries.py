"""What the pages show of the models at work."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from appliance.compliance.errors import ComplianceError, StoreUnreadable
from appliance.compliance.models import Promotion
from appliance.compliance.promotion import digest_in_force, way_back
from appliance.retraining.models import ServingAlarm, ShadowRun
from appliance.retraining.serving.alarms import open_alarm
from appliance.retraining.serving.evidence import EvidenceShown, evidence_on
from models_store import store
from models_store.card import ModelCard


@dataclass(frozen=True, slots=True)
class Named:
    """A model and its name; only the start of its digest where its card is gone."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Now:
    """`last`: how the one in force came to be it. `way_back`: where one click leads; None, then `no_way_back` says why.

    `is_moving`: decided, but the store does not point to it yet.
    """

    in_force: Named | None
    last: Promotion | None
    alarm: ServingAlarm | None
    instead: Named | None
    way_back: Named | None
    no_way_back: str
    is_moving: bool


def now() -> Now | None:
    """None where nobody can tell; the page of the models says so."""
    try:
        in_force = digest_in_force()
    except StoreUnreadable:
        return None
    alarm, last = open_alarm(), Promotion.objects.select_related("approval__decided_by", "put_back_by").last()
    returns_to, refusal = _way_back()
    return Now(
        in_force=named(in_force) if in_force else None,
        last=last if last is not None and last.digest == in_force else None,
        alarm=alarm,
        instead=named(alarm.serving) if alarm and alarm.serving else None,
        way_back=returns_to,
        no_way_back=refusal,
        is_moving=last is not None and last.moved_at is None,
    )


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
    try:
        in_force = digest_in_force()
    except StoreUnreadable:
        in_force = ""
    return evidence_on(digest, in_force=in_force)


def _way_back() -> tuple[Named | None, str]:
    try:
        return named(way_back().returns_to), ""
    except ComplianceError as error:
        return None, f"{error.sentence} {error.next_step}"
