"""Deleting documents: every row and the key go in one transaction, a tombstone stays, the files follow (erasing.py).

The log is not touched. What it holds of values are commitments; their salts lie in the rows that go, and with them the
last way to test a guess against the log.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import ProgrammingError, transaction
from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.compliance.belongings import doom_files, rows_of
from appliance.compliance.errors import BusyDocuments, UnderHold
from appliance.compliance.family import family_of
from appliance.compliance.holding import names_of_holds_on
from appliance.compliance.models import Approval, Tombstone
from appliance.documents.models import Document, Job, JobState
from appliance.documents.transitions import Step, change
from appliance.retraining.datasets.withdrawals import withdraw_deleted
from appliance.sealing.keys import destroy_keys


@dataclass(frozen=True, slots=True)
class Order:
    """By whose word documents go: an approval, or the words of an automatic retention rule."""

    reason: str
    approval: Approval | None = None
    by_rule: str = ""


@transaction.atomic
def delete_documents(*, document_ids: Collection[UUID], order: Order) -> list[Tombstone]:
    """Delete these with their attachments and unread duplicates; those that are gone already are passed over.

    Raises UnderHold or BusyDocuments; then all of them stay.
    """
    family = family_of(document_ids)
    found = Document.objects.select_for_update(of=("self",)).select_related("document_type")
    documents = list(found.filter(pk__in=family).order_by("pk"))
    ids = [document.pk for document in documents]
    held = names_of_holds_on(ids)
    if held:
        raise UnderHold(held)
    if Job.objects.filter(document__in=ids, state=JobState.RUNNING).exists():
        raise BusyDocuments
    _unlink_readers_of_the_same_file(ids)
    doom_files(ids)
    withdraw_deleted(ids, reason=order.reason)
    stones = [_bury(document, order) for document in documents]
    try:
        _remove_rows(ids)
    except ProgrammingError as error:  # the database's own guard: a hold was placed since the check above
        raise UnderHold from error
    return stones


def _unlink_readers_of_the_same_file(ids: list[UUID]) -> None:
    """Duplicates that were read after all stay, and must not point at a row that goes."""
    for document in Document.objects.select_for_update().filter(duplicate_of__in=ids).exclude(pk__in=ids):
        change(document, Step(Action.DOCUMENT_UNLINKED), duplicate_of=None)


def _bury(document: Document, order: Order) -> Tombstone:
    stone = Tombstone.objects.create(
        document_id=document.pk,
        original_sha256=document.sha256,
        type_name=document.document_type.name if document.document_type else "",
        pages=document.page_count,
        uploaded_at=document.uploaded_at,
        deleted_at=timezone.now(),
        approval=order.approval,
        by_rule=order.by_rule,
        reason=order.reason,
        version=document.version + 1,
    )
    record(
        Action.DOCUMENT_DELETED,
        subject=Subject("document", str(document.pk), stone.version),
        reason=f"approval {order.approval.pk}" if order.approval else order.by_rule,
        evidence=Evidence(digests={"original": document.sha256}),
    )
    return stone


def _remove_rows(ids: list[UUID]) -> None:
    documents = Document.objects.filter(pk__in=ids)
    documents.update(current_extraction=None, parent=None, duplicate_of=None)
    for rows in rows_of(ids):
        rows.delete()
    documents.delete()
    destroy_keys(ids)
