"""Handing finished documents out: in one transaction they are read, written to a file and marked as exported."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.record import Evidence
from appliance.documents.errors import NotFinished, NothingChosen
from appliance.documents.export_formats import FORMATS, FinishedDocument
from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.documents.transitions import Step, change
from appliance.review.queries import current_values, extraction_of

FINISHED = (State.ACCEPTED, State.EXPORTED)


@dataclass(frozen=True, slots=True)
class Export:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


def export(*, document_ids: Sequence[UUID], file_format: str) -> Export:
    """All documents in one file ("json", "csv" or "xlsx"), or none.

    Raises NothingChosen, or NotFinished whose `untrusted_names` are those of the documents that are not finished.
    """
    if not document_ids:
        raise NothingChosen
    write, media_type = FORMATS[file_format]
    with transaction.atomic():
        documents = list(Document.objects.select_for_update().filter(pk__in=document_ids).order_by("uploaded_at", "pk"))
        unfinished = [document.untrusted_name for document in documents if document.state not in FINISHED]
        if unfinished:
            raise NotFinished(untrusted_names=unfinished)
        content = write([finished_document(document) for document in documents])
        evidence = Evidence(digests={"export": hashlib.sha256(content).hexdigest()})
        for document in documents:
            change(document, Step(Action.DOCUMENT_EXPORTED, State.EXPORTED, reason=file_format, evidence=evidence))
    name = f"strongroom-{timezone.localtime():%Y-%m-%d-%H%M%S}.{file_format}"
    return Export(name, media_type, content)


def finished_document(document: Document) -> FinishedDocument:
    """The values as they stand: what was extracted, overlaid by what people decided."""
    run = extraction_of(document)
    names = ("model", "prompt", "schema", "reader", "grammar")
    digests = {name: getattr(run, f"{name}_digest") for name in names} if run else {}
    type_name = document.document_type.name if document.document_type else ""
    about = {
        "id": str(document.pk),
        "file": document.untrusted_name,
        "sha256": document.sha256,
        "type": type_name,
        "type_version": run.type_version.number if run else None,
        "pages": document.page_count,
        "uploaded_by": document.uploaded_by.display_name,
        "uploaded_at": document.uploaded_at.isoformat(),
    }
    values = current_values(document)
    return FinishedDocument(str(document.pk), document.untrusted_name, type_name, about, digests, values)
