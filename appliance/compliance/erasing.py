"""The files of deleted documents, after the rows have gone; and again wherever a crash came between.

Their key went with the rows, so nobody reads them any more: what is left to do is to free the room.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Subject, record
from appliance.compliance.belongings import files_of
from appliance.compliance.models import DoomedFolder
from appliance.documents import blobs
from appliance.documents.models import Document
from appliance.sealing.keys import destroy_unused_keys

AT_ONCE = 1000


def erase_doomed() -> int:
    """Erase the folders of deleted documents; returns how many files went. Raises OSError."""
    doomed = list(DoomedFolder.objects.order_by("doomed_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(map(_erase_folder_of, doomed))


def sweep_leftovers(*, idle_for: timedelta = timedelta(hours=1)) -> int:
    """Files that were being written when their process was stopped: no row can name them, so nothing is recorded."""
    return blobs.sweep_new(idle_seconds=idle_for.total_seconds())


def erase_orphans(*, idle_for: timedelta = timedelta(days=1)) -> int:
    """Files that no row names: left by an upload or a worker that was stopped, or whose document went meanwhile.

    A file that was put a moment ago stays for a while: its row may not be committed yet.
    """
    idle = idle_for.total_seconds()
    count = sum(blobs.sweep(_orphans_of(document_id), idle_seconds=idle) for document_id in blobs.documents())
    destroy_unused_keys(among=Document.objects.values("pk"), idle_for=idle_for)
    if count:
        with transaction.atomic():
            record(Action.FILES_ERASED, subject=Subject("blob_store"), reason=f"{count} that no document names")
    return count


def _orphans_of(document_id: UUID) -> list[Path]:
    return blobs.others(document_id, needed=files_of(document_id))


def _erase_folder_of(document_id: UUID) -> int:
    gone = blobs.erase_all(document_id)
    with transaction.atomic():
        DoomedFolder.objects.filter(pk=document_id).delete()
        record(Action.FILES_ERASED, subject=Subject("tombstone", str(document_id)), reason="all of the document")
    return gone
