"""Asking for an act that a second person must approve. Nothing happens yet but the request and its record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.canonical import commitment
from appliance.audit.record import Evidence, Subject, record
from appliance.compliance.errors import AlreadyAsked, HoldReleased, NothingToChange, NothingToDelete, UnderHold
from appliance.compliance.family import family_of
from appliance.compliance.holding import names_of_holds_on
from appliance.compliance.models import Approval, ApprovalDocument, ApprovalState, CountsFrom, Kind, LegalHold
from appliance.compliance.models import RetentionRule as Rule
from appliance.document_types.models import DocumentType
from appliance.documents.models import Document


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `subject` and `details` are those of `Approval`."""

    kind: Kind
    reason: str
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    documents: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class WantedRule:
    """A retention rule as it shall be; `days` None keeps."""

    days: int | None
    counts_from: CountsFrom = CountsFrom.ACCEPTANCE
    automatic: bool = False


def subject_of(approval: Approval) -> Subject:
    return Subject("approval", str(approval.pk), approval.version)


@transaction.atomic
def ask_deletion(*, by: Person | None, document_ids: Collection[UUID], reason: str) -> Approval:
    """Ask for these documents with their attachments and duplicates. `by` None: a retention rule asks.

    Raises NothingToDelete, UnderHold, or AlreadyAsked when a request for one of them waits.
    """
    # The lock makes two who ask for the same document at the same moment wait for each other.
    found = Document.objects.select_for_update().filter(pk__in=document_ids).order_by("pk")
    chosen = {document.pk for document in found}
    if not chosen:
        raise NothingToDelete
    ids = family_of(chosen)
    held = names_of_holds_on(ids)
    if held:
        raise UnderHold(held)
    if waiting_requests(chosen):
        raise AlreadyAsked
    return ask(by=by, wanted=Wanted(Kind.DELETE, reason, documents=sorted(ids)))


@transaction.atomic
def ask_release(*, by: Person, hold_id: int, reason: str) -> Approval:
    """Raises HoldReleased or AlreadyAsked."""
    hold = LegalHold.objects.select_for_update().get(pk=hold_id)
    if hold.released_at is not None:
        raise HoldReleased
    return ask(by=by, wanted=Wanted(Kind.RELEASE_HOLD, reason, subject=str(hold.pk)))


@transaction.atomic
def ask_retention(*, by: Person, document_type: DocumentType, wanted: WantedRule, reason: str) -> Approval:
    """Ask for a rule by which documents will go. Raises NothingToChange or AlreadyAsked."""
    rule = Rule.objects.filter(document_type=document_type).first()
    details = {"days": wanted.days, "counts_from": str(wanted.counts_from), "automatic": wanted.automatic}
    if rule is not None and details == {name: getattr(rule, name) for name in details}:
        raise NothingToChange
    return ask(by=by, wanted=Wanted(Kind.CHANGE_RETENTION, reason, subject=document_type.name, details=details))


def waiting_requests(document_ids: Collection[UUID]) -> set[UUID]:
    """Those of the documents whose deletion somebody has asked for already."""
    waiting = ApprovalDocument.objects.filter(
        document_id__in=document_ids,
        approval__state=ApprovalState.WAITING,
        approval__kind=Kind.DELETE,
        approval__expires_at__gt=timezone.now(),
    )
    return set(waiting.values_list("document_id", flat=True))


@transaction.atomic
def ask(*, by: Person | None, wanted: Wanted) -> Approval:
    """Raises AlreadyAsked where one request for the subject waits."""
    now = timezone.now()
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                kind=wanted.kind,
                subject=wanted.subject,
                details=dict(wanted.details),
                reason=wanted.reason,
                asked_by=by,
                asked_at=now,
                expires_at=now + timedelta(days=settings.APPROVAL_DAYS),
            )
    except IntegrityError as error:
        raise AlreadyAsked from error
    ApprovalDocument.objects.bulk_create(
        ApprovalDocument(approval=approval, document_id=document_id) for document_id in wanted.documents
    )
    about = f"{len(wanted.documents)} documents" if wanted.documents else wanted.subject
    record(
        Action.APPROVAL_ASKED,
        subject=subject_of(approval),
        reason=f"{wanted.kind}: {about}",
        evidence=Evidence(commitments={"reason": commitment(wanted.reason, approval.salt)}),
    )
    return approval
