"""Writing down who looked at a document: once a visit, not once for each page image."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.context import current_actor
from appliance.audit.models import AuditEvent
from appliance.audit.record import Evidence, record
from appliance.documents.models import Document
from appliance.documents.transitions import subject_of

ONE_VISIT = timedelta(minutes=10)


@transaction.atomic
def note_viewed(*, document: Document) -> None:
    """Record that the current person looks at the document, unless they were seen doing so a moment ago."""
    before = AuditEvent.objects.filter(
        object_type="document",
        object_id=str(document.pk),
        actor=current_actor().name,
        action=Action.DOCUMENT_VIEWED,
        recorded_at__gt=timezone.now() - ONE_VISIT,
    )
    if not before.exists():
        record(Action.DOCUMENT_VIEWED, subject=subject_of(document))


@transaction.atomic
def note_original_downloaded(*, document: Document) -> None:
    evidence = Evidence(digests={"original": document.sha256})
    record(Action.ORIGINAL_DOWNLOADED, subject=subject_of(document), evidence=evidence)
