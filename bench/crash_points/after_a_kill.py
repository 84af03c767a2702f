"""What the box holds after an upload was cut short."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from appliance.audit.models import AuditEvent
from appliance.compliance.erasing import erase_orphans
from appliance.documents import blobs
from appliance.documents.jobs import LIVE
from appliance.documents.models import Document, Job, Stage
from appliance.documents.states import State

NOW = timedelta(0)


@dataclass(frozen=True)
class Found:
    """`is_lost`: not everything is there of what was acknowledged. `faults`: what is half there, acknowledged or not.

    `left`: files that no document needs. `swept`: they are gone after the sweeps, and nothing else is.
    """

    is_lost: bool
    faults: tuple[str, ...]
    left: int
    swept: bool


def look(content: bytes, *, is_acknowledged: bool) -> Found:
    """After the upload of `content`, which no other document holds. The sweeps run as if much time had passed."""
    documents = list(Document.objects.filter(sha256=hashlib.sha256(content).hexdigest()))
    faults = tuple(fault for document in documents for fault in _faults(document, content))
    before = stored_files()
    blobs.sweep_new(idle_seconds=0)
    erase_orphans(idle_for=NOW)
    after = stored_files()
    needed = Document.objects.count()
    intact = not any(fault for document in documents for fault in _faults(document, content))
    return Found(
        is_lost=is_acknowledged and (len(documents) != 1 or bool(faults)),
        faults=faults,
        left=len(before) - needed,
        swept=len(after) == needed and intact == (not faults),
    )


def stored_files() -> dict[Path, int]:
    """Everything below the folder of the blobs, with its size."""
    return {path: path.stat().st_size for path in Path(settings.BLOB_DIR).rglob("*") if path.is_file()}


def _faults(document: Document, content: bytes) -> list[str]:
    jobs = Job.objects.filter(document=document, stage=Stage.READ, state__in=LIVE).count()
    records = AuditEvent.objects.filter(object_id=str(document.pk), action="document_uploaded").count()
    found = []
    if _content_of(document.sha256, document.pk) != content:
        found.append("its bytes are not there")
    if jobs != (0 if document.state == State.DUPLICATE else 1):
        found.append(f"{jobs} jobs")
    if records != 1:
        found.append(f"{records} records in the log")
    return found


def _content_of(sha256: str, document_id: UUID) -> bytes | None:
    try:
        return blobs.get(sha256, document_id=document_id)
    except (blobs.BlobMissing, blobs.BlobDamaged):
        return None
