"""What the pages of keeping and deleting show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, may
from appliance.compliance.asking import waiting_requests
from appliance.compliance.consequences import title_of
from appliance.compliance.deciding import is_same_person
from appliance.compliance.due import Outlook, outlook
from appliance.compliance.holding import holds_on
from appliance.compliance.models import (
    Approval,
    ApprovalState,
    DoomedFolder,
    Kind,
    LegalHold,
    Promotion,
    RetentionRule,
    Tombstone,
)
from appliance.compliance.retention import in_words
from appliance.document_types.queries import type_rows
from appliance.documents.models import Document

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list. `is_own`: the person looking asked for it, perhaps by another account."""

    approval: Approval
    title: str
    is_own: bool
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class TypeRetention:
    """A document type and its rule; `request` is the one that waits to change it."""

    name: str
    title: str
    rule: RetentionRule | None
    words: str
    outlook: Outlook | None
    request: Approval | None


@dataclass(frozen=True, slots=True)
class Keeping:
    """All that decides whether one document stays: what it is, who holds it, who wants it gone."""

    document: Document | None
    stone: Tombstone | None
    holds: list[LegalHold]
    request: Approval | None
    rule_words: str
    files_left: bool


def waiting_rows(person: Person) -> list[RequestRow]:
    """What waits for a decision, the oldest first."""
    now = timezone.now()
    waiting = _with_people(Approval.objects.filter(state=ApprovalState.WAITING, expires_at__gt=now))
    return [
        RequestRow(
            approval,
            title_of(approval),
            is_own=approval.asked_by is not None and is_same_person(approval.asked_by, person),
            is_urgent=approval.expires_at - now < timedelta(days=2),
        )
        for approval in waiting
    ]


def decided_page(number: int) -> Page[Approval]:
    """What is decided, withdrawn or expired, the newest first."""
    decided = _with_people(Approval.objects.exclude(state=ApprovalState.WAITING)).order_by("-decided_at", "-pk")
    return Paginator(decided, PER_PAGE).get_page(number)


def may_decide(approval: Approval, person: Person) -> bool:
    own = approval.asked_by is not None and is_same_person(approval.asked_by, person)
    return approval.state == ApprovalState.WAITING and not own and may(person, Permission.DECIDE_APPROVALS)


def is_last_decider(person: Person) -> bool:
    """Nobody but this person could decide, so what they ask for would wait until it expires."""
    others = Person.objects.filter(is_active=True).exclude(pk=person.pk)
    return not any(may(other, Permission.DECIDE_APPROVALS) and not is_same_person(other, person) for other in others)


def holds() -> list[LegalHold]:
    """Those in force first; `count` is the number of documents that they cover or covered."""
    found = LegalHold.objects.select_related("placed_by", "document_type", "release__decided_by", "release__asked_by")
    counted = list(found.annotate(count=Count("held")).order_by("-placed_at"))
    return sorted(counted, key=lambda hold: hold.released_at is not None)


def request_on(kind: Kind, subject: str) -> Approval | None:
    waiting = Approval.objects.filter(kind=kind, subject=subject, state=ApprovalState.WAITING)
    return waiting.select_related("asked_by").filter(expires_at__gt=timezone.now()).first()


def promotion_under_way(digest: str) -> Promotion | None:
    """Approved, but the store does not point to it yet."""
    return Promotion.objects.select_related("approval__decided_by").filter(digest=digest, moved_at=None).last()


def retention_rows() -> list[TypeRetention]:
    """Every type of the box, also archived ones: their documents are still here."""
    rules = {rule.document_type.name: rule for rule in RetentionRule.objects.select_related("document_type")}
    rows = []
    for row in type_rows():
        rule = rules.get(row.document_type.name)
        rows.append(
            TypeRetention(
                row.document_type.name,
                row.title,
                rule,
                in_words(rule) if rule else "kept",
                outlook(rule) if rule and rule.days is not None else None,
                request_on(Kind.CHANGE_RETENTION, row.document_type.name),
            )
        )
    return rows


def tombstones_page(number: int) -> Page[Tombstone]:
    found = Tombstone.objects.select_related("approval__asked_by", "approval__decided_by")
    return Paginator(found.order_by("-deleted_at", "pk"), PER_PAGE).get_page(number)


def is_deleted(document_id: UUID) -> bool:
    return Tombstone.objects.filter(pk=document_id).exists()


def keeping_of(document_id: UUID) -> Keeping | None:
    """None when there never was such a document."""
    document = Document.objects.select_related("document_type", "uploaded_by").filter(pk=document_id).first()
    stone = (
        Tombstone.objects.select_related("approval__asked_by", "approval__decided_by").filter(pk=document_id).first()
    )
    if document is None and stone is None:
        return None
    rule = RetentionRule.objects.filter(document_type=document.document_type).first() if document else None
    return Keeping(
        document,
        stone,
        holds_on(document_id),
        _waiting_deletion(document_id),
        in_words(rule) if rule else "kept",
        DoomedFolder.objects.filter(document_id=document_id).exists(),
    )


def _waiting_deletion(document_id: UUID) -> Approval | None:
    if not waiting_requests([document_id]):
        return None
    waiting = Approval.objects.filter(
        state=ApprovalState.WAITING, kind=Kind.DELETE, documents__document_id=document_id, expires_at__gt=timezone.now()
    )
    return waiting.select_related("asked_by").first()


def _with_people(approvals: QuerySet[Approval]) -> QuerySet[Approval]:
    return approvals.select_related("asked_by", "decided_by").annotate(count=Count("documents"))
