"""Placing a legal hold, by one person at once; lifting it, by two."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Subject, record
from appliance.compliance.errors import HoldReleased, NothingToHold
from appliance.compliance.models import Approval, HeldDocument, LegalHold, Scope
from appliance.document_types.models import DocumentType
from appliance.documents.models import Document
from appliance.documents.names import named


@dataclass(frozen=True, slots=True)
class Cover:
    """What a hold covers. Empty parts of a filter ask for everything; `documents` counts for a list only."""

    scope: Scope
    documents: Collection[UUID] = ()
    document_type: DocumentType | None = None
    uploaded_from: datetime | None = None
    uploaded_before: datetime | None = None
    name_contains: str = ""

    def condition(self) -> Q:
        if self.scope is Scope.LIST:
            return Q(pk__in=self.documents)
        fits = Q(document_type=self.document_type) if self.document_type else Q()
        if self.uploaded_from:
            fits &= Q(uploaded_at__gte=self.uploaded_from)
        if self.uploaded_before:
            fits &= Q(uploaded_at__lt=self.uploaded_before)
        if self.name_contains:
            fits &= Q(pk__in=named(self.name_contains, among=Document.objects.filter(fits)))
        return fits


@transaction.atomic
def place(*, by: Person, name: str, reason: str, cover: Cover) -> LegalHold:
    """Raises NothingToHold for a list without a known document; a type or a filter may cover none yet."""
    with connection.cursor() as cursor:
        # The guards take the same lock, shared, whenever a document comes, changes its type or goes. No row is locked
        # here: a clerk who holds one and waits for this lock would never get it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('compliance.holds', 0))")
    covered = list(Document.objects.filter(cover.condition()).order_by("pk").values_list("pk", flat=True))
    if cover.scope is Scope.LIST and not covered:
        raise NothingToHold
    hold = LegalHold.objects.create(
        name=name,
        reason=reason,
        scope=cover.scope,
        document_type=cover.document_type,
        uploaded_from=cover.uploaded_from,
        uploaded_before=cover.uploaded_before,
        name_contains=cover.name_contains,
        placed_by=by,
    )
    HeldDocument.objects.bulk_create((HeldDocument(hold=hold, document_id=pk) for pk in covered), batch_size=5000)
    record(Action.HOLD_PLACED, subject=_subject_of(hold), reason=f"{hold.scope}: {len(covered)} documents")
    return hold


@transaction.atomic
def release(approval: Approval) -> None:
    """The act of an approved request. Raises HoldReleased."""
    hold = LegalHold.objects.select_for_update().get(pk=int(approval.subject))
    if hold.released_at is not None:
        raise HoldReleased
    hold.released_at, hold.release = timezone.now(), approval
    hold.version += 1
    hold.save(update_fields=["released_at", "release", "version"])
    record(Action.HOLD_RELEASED, subject=_subject_of(hold), reason=f"approval {approval.pk}")


def _subject_of(hold: LegalHold) -> Subject:
    return Subject("hold", str(hold.pk), hold.version)
