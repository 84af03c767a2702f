"""A part of a snapshot as a label file: one JSON object a line, as `extraction.labels` reads it.

{"id": "<the entry's number>", "text": "...", "fields": {...}, "spans": {"total": [45, 50]}, "weight": 1.0,
 "sender": "acme foods", "original": "<SHA-256>"}
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from appliance.retraining.datasets.errors import EntryChanged
from appliance.retraining.datasets.printed import sha256_of, text_of
from appliance.retraining.datasets.services import content_of, digest_of
from appliance.retraining.models import Part, Snapshot, SnapshotEntry


def write_part(snapshot: Snapshot, part: Part, path: Path) -> int:
    """Write the part's labels to `path`, readable by the owner alone, and return how many there are.

    Withdrawn entries are passed over. Raises EntryChanged where a document's pages or an entry are not what they were,
    and OSError.
    """
    count = 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        for label in labels_of(snapshot, part):
            stream.write(json.dumps(label, ensure_ascii=False) + "\n")
            count += 1
    return count


def labels_of(snapshot: Snapshot, part: Part | None = None) -> Iterator[dict[str, Any]]:
    """All parts where none is named. Raises EntryChanged."""
    entries = snapshot.entries.filter(withdrawn_at=None).order_by("position")
    for entry in entries.filter(part=part) if part else entries:
        yield {
            "id": str(entry.pk),
            "text": _text_of(entry),
            "fields": entry.fields,
            "spans": entry.spans,
            "weight": entry.weight,
            "sender": entry.sender,
            "original": entry.original_sha256,
        }


def _text_of(entry: SnapshotEntry) -> str:
    text = _printed(entry.document_id) if entry.document_id else entry.text
    if sha256_of(text) != entry.text_sha256 or digest_of(content_of(entry)) != entry.digest:
        raise EntryChanged(f"entry {entry.pk}")
    return text


def _printed(document_id: UUID) -> str:
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        raise EntryChanged(f"document {document_id} is gone")
    return text_of(load_read_document(document))
