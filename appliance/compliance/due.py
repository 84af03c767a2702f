"""What a retention rule says about documents: which are due, and when. Reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.compliance.holding import is_held
from appliance.compliance.models import ApprovalDocument, ApprovalState, CountsFrom, Kind, RetentionRule
from appliance.documents.models import Document, Job, JobState
from appliance.documents.states import State

ASK_AGAIN_AFTER = timedelta(days=30)
"""A deletion that somebody refused is not asked for again before that."""
SOON = timedelta(days=30)
FINISHED = (State.ACCEPTED, State.EXPORTED)


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document whose time is up on `due_at`; `is_held`: a legal hold keeps it all the same."""

    document: Document
    due_at: datetime
    is_held: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """Documents of one rule that are due now or within 30 days, the earliest first; `shown` at most."""

    rule: RetentionRule
    count: int
    held: int
    shown: list[DueDocument]


def due(rule: RetentionRule, *, now: datetime) -> QuerySet[Document]:
    """What a run at `now` would delete or ask for.

    Left out: held documents, those that a worker has in hand, those with a request that waits or was refused lately,
    and e-mails whose attachments are still kept by a rule of their own.
    """
    found = past_its_time(rule, before=now).exclude(is_held())
    busy = Job.objects.filter(document=OuterRef("pk"), state=JobState.RUNNING)
    attached = Document.objects.filter(parent=OuterRef("pk"))
    asked = ApprovalDocument.objects.filter(document_id=OuterRef("pk"), approval__kind=Kind.DELETE).filter(
        Q(approval__state=ApprovalState.WAITING, approval__expires_at__gt=now)
        | Q(approval__state=ApprovalState.REFUSED, approval__decided_at__gt=now - ASK_AGAIN_AFTER)
    )
    return found.exclude(Exists(busy)).exclude(Exists(attached)).exclude(Exists(asked))


def past_its_time(rule: RetentionRule, *, before: datetime) -> QuerySet[Document]:
    """Documents with `counts_from_at`, whose time is up before then, held or not; none where the rule keeps."""
    if rule.days is None:
        return Document.objects.none()
    latest = before - timedelta(days=rule.days)
    # Nothing is accepted before it is uploaded, so the index of uploads narrows both.
    found = Document.objects.filter(document_type=rule.document_type, uploaded_at__lte=latest)
    if rule.counts_from == CountsFrom.UPLOAD:
        return found.annotate(counts_from_at=F("uploaded_at")).order_by("uploaded_at", "pk")
    finished = AuditEvent.objects.filter(
        object_type="document", object_id=Cast(OuterRef("pk"), CharField()), action=Action.DOCUMENT_FINISHED
    )
    found = found.filter(state__in=FINISHED).annotate(
        counts_from_at=Subquery(finished.order_by("-pk").values("recorded_at")[:1])
    )
    return found.filter(counts_from_at__lte=latest).order_by("counts_from_at", "pk")


def outlook(rule: RetentionRule, *, most: int = 20) -> Outlook:
    days = timedelta(days=rule.days or 0)
    found = past_its_time(rule, before=timezone.now() + SOON)
    rows: Any = found.annotate(held=is_held())[:most]
    shown = [DueDocument(row, row.counts_from_at + days, row.held) for row in rows]
    return Outlook(rule, found.count(), found.filter(is_held()).count(), shown)
