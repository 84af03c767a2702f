"""Reading a dossier is an act too: these write down who looked at what, and who took it away as a file."""

from __future__ import annotations

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.audit.record import Evidence, Subject, record
from appliance.documents.models import Document, FieldValue
from appliance.documents.transitions import subject_of


@transaction.atomic
def note_dossier_viewed(*, document: Document) -> None:
    record(Action.DOSSIER_VIEWED, subject=subject_of(document))


@transaction.atomic
def note_origin_viewed(*, value: FieldValue) -> None:
    run = value.extraction
    evidence = Evidence(digests={"extraction": run.key, "model": run.model_digest})
    record(Action.LINEAGE_VIEWED, subject=subject_of(run.document), reason=value.path, evidence=evidence)


@transaction.atomic
def note_model_viewed(*, digest: str) -> None:
    evidence = Evidence(digests={"model": digest})
    record(Action.LINEAGE_VIEWED, subject=Subject("model", digest), reason="what it made", evidence=evidence)


@transaction.atomic
def note_replay_viewed(*, document: Document, replay_id: int) -> None:
    record(Action.LINEAGE_VIEWED, subject=subject_of(document), reason=f"replay {replay_id}")


@transaction.atomic
def note_dossier_exported(*, document: Document, pdf_sha256: str) -> AuditEvent:
    """Call it before the first byte leaves."""
    evidence = Evidence(digests={"export": pdf_sha256, "original": document.sha256})
    return record(Action.DOSSIER_EXPORTED, subject=subject_of(document), reason="as PDF", evidence=evidence)
