"""The files of deleted documents, after the rows have gone: one by one, and again wherever a crash came between.

A file that another document needs stays. A file that was put into the store a moment ago stays for a while as well:
its row may not be committed yet.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Subject, record
from appliance.compliance.belongings import used_among
from appliance.compliance.models import DoomedFile
from appliance.documents import blobs

IDLE_FOR = timedelta(minutes=35)
"""Longer than the longest task, so that no worker still has the file in mind."""
AT_ONCE = 1000


def erase_doomed(*, idle_for: timedelta = IDLE_FOR) -> int:
    """Erase what can go; returns how many files went. The rest waits for the next call. Raises OSError."""
    documents = DoomedFile.objects.order_by("document_id").values_list("document_id", flat=True).distinct()
    return sum(_erase_files_of(document_id, idle_for) for document_id in list(documents[:AT_ONCE]))


def erase_orphans(*, idle_for: timedelta = timedelta(days=1)) -> int:
    """Files that no row names: left by an upload or a worker that was stopped, or whose document went meanwhile."""
    names, count = blobs.names(), 0
    while batch := set(islice(names, AT_ONCE)):
        doomed = set(DoomedFile.objects.filter(sha256__in=batch).values_list("sha256", flat=True))
        orphans = batch - doomed - used_among(batch)
        count += sum(blobs.erase(sha256, idle_seconds=idle_for.total_seconds()) for sha256 in orphans)
    if count:
        with transaction.atomic():
            record(Action.FILES_ERASED, subject=Subject("blob_store"), reason=f"{count} that no document names")
    return count


def _erase_files_of(document_id: UUID, idle_for: timedelta) -> int:
    gone = 0
    for doomed in DoomedFile.objects.filter(document_id=document_id):
        if used_among([doomed.sha256]):
            blobs.bring_back(doomed.sha256)
        elif blobs.erase(doomed.sha256, idle_seconds=idle_for.total_seconds()):
            gone += 1
        else:
            continue
        with transaction.atomic():
            doomed.delete()
            if not DoomedFile.objects.filter(document_id=document_id).exists():
                _record_end(document_id)
    return gone


def _record_end(document_id: UUID) -> None:
    record(
        Action.FILES_ERASED,
        subject=Subject("tombstone", str(document_id)),
        reason="all that no other document needs",
    )
