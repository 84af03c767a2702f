"""Documents that must not teach any more: what snapshots hold of them is emptied, digests stay as proof.

Models that they taught keep what they learnt until they are trained again: `queries.retrain_due` names them.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.documents.models import Document
from appliance.documents.transitions import Step, change
from appliance.retraining.datasets.errors import AlreadyWithdrawn
from appliance.retraining.models import MeasuredValue, SnapshotEntry, Withdrawal


@transaction.atomic
def withdraw(*, by: Person, document_id: UUID, reason: str) -> Withdrawal:
    """The document's original teaches no more, whichever document holds it. Raises AlreadyWithdrawn.

    The log gets no word of the reason: free text never gets there.
    """
    document = Document.objects.select_for_update().get(pk=document_id)
    if Withdrawal.objects.filter(original_sha256=document.sha256).exists():
        raise AlreadyWithdrawn
    withdrawal = Withdrawal.objects.create(original_sha256=document.sha256, reason=reason, withdrawn_by=by)
    emptied = _empty(Q(original_sha256=document.sha256))
    evidence = Evidence(digests={"original": document.sha256})
    change(
        document, Step(Action.DOCUMENT_WITHDRAWN, reason=f"{emptied} entries of snapshots emptied", evidence=evidence)
    )
    return withdrawal


def withdraw_deleted(document_ids: Collection[UUID], *, reason: str) -> None:
    """Part of a deletion, in its transaction, while the rows are still there.

    An original that another document still holds may go on teaching through that one.
    """
    originals = set(Document.objects.filter(pk__in=document_ids).values_list("sha256", flat=True))
    kept = set(
        Document.objects.filter(sha256__in=originals).exclude(pk__in=document_ids).values_list("sha256", flat=True)
    )
    taught = Q(document_id__in=document_ids)
    known = set(SnapshotEntry.objects.filter(taught).values_list("original_sha256", flat=True))
    _empty(taught)
    known -= set(Withdrawal.objects.filter(original_sha256__in=known).values_list("original_sha256", flat=True))
    for original in sorted(known - kept):
        Withdrawal.objects.create(original_sha256=original, reason=reason, withdrawn_by=None)
        record(
            Action.DOCUMENT_WITHDRAWN,
            subject=Subject("original", original, 1),
            reason="deleted",
            evidence=Evidence(digests={"original": original}),
        )


def _empty(wanted: Q) -> int:
    """What was measured on an entry quotes the document and goes as well."""
    entries = SnapshotEntry.objects.filter(wanted, withdrawn_at=None)
    MeasuredValue.objects.filter(entry__in=entries).delete()
    return entries.update(text="", sender="", fields=None, spans=None, withdrawn_at=timezone.now())
