"""Making a snapshot, for good."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.retraining.datasets.candidates import collect
from appliance.retraining.datasets.counting import counts_of
from appliance.retraining.datasets.cutting import Cut, Entry, Options, cut
from appliance.retraining.datasets.errors import TooFewDocuments
from appliance.retraining.datasets.gathering import gather_all
from appliance.retraining.datasets.parts import Earlier
from appliance.retraining.models import Part, Snapshot, SnapshotEntry

LEAST_DOCUMENTS = 5


def make_snapshot(*, by: Person | None, type_version: DocumentTypeVersion, options: Options) -> Snapshot:
    """Everything that is labelled now, cut by the options. Where nothing has changed the snapshot is the one before.

    `by` is None where a schedule asks. Raises TooFewDocuments.
    """
    gather_all(type_version.document_type)
    with transaction.atomic():
        DocumentType.objects.select_for_update(no_key=True).get(pk=type_version.document_type_id)
        found = cut_now(type_version, options)
        if len(found.entries) < LEAST_DOCUMENTS or not any(entry.part == Part.TRAIN for entry in found.entries):
            raise TooFewDocuments
        digests = [digest_of(content_of(entry)) for entry in found.entries]
        digest = digest_of({"type": type_version.digest, "options": asdict(options), "entries": digests})
        before = Snapshot.objects.filter(digest=digest).first()
        if before is not None:
            return before
        counts = counts_of(found, type_version.spec)
        new = Snapshot(digest=digest, type_version=type_version, options=asdict(options), counts=counts, made_by=by)
        return _stored(found, digests, new)


def cut_now(type_version: DocumentTypeVersion, options: Options) -> Cut:
    """What a snapshot would hold that is made now, of the labels that are ready."""
    document_type = type_version.document_type
    collected = collect(type_version, sender_field=options.sender_field)
    return cut(collected.candidates, options, earlier=earlier_places(document_type), seed=document_type.name)


def earlier_places(document_type: DocumentType) -> Earlier:
    """Where earlier snapshots of the type placed originals, at first, and senders, ever."""
    originals: dict[str, Part] = {}
    senders: defaultdict[str, set[Part]] = defaultdict(set)
    entries = SnapshotEntry.objects.filter(snapshot__type_version__document_type=document_type).order_by("pk")
    for original, sender, part in entries.values_list("original_sha256", "sender", "part"):
        originals.setdefault(original, Part(part))
        if sender:
            senders[sender].add(Part(part))
    return Earlier(originals, {sender: frozenset(found) for sender, found in senders.items()})


def content_of(entry: Entry | SnapshotEntry) -> dict[str, Any]:
    """What the digest of an entry covers."""
    if isinstance(entry, SnapshotEntry):
        names = ("part", "source", "original_sha256", "text_sha256", "sender", "weight", "fields", "spans")
        return {name: getattr(entry, name) for name in names}
    candidate = entry.candidate
    return {
        "part": entry.part.value,
        "source": candidate.source.value,
        "original_sha256": candidate.original,
        "text_sha256": candidate.text_sha256,
        "sender": candidate.sender,
        "weight": entry.weight,
        "fields": candidate.fields,
        "spans": candidate.spans,
    }


def _stored(found: Cut, digests: Sequence[str], snapshot: Snapshot) -> Snapshot:
    snapshot.save()
    SnapshotEntry.objects.bulk_create(
        SnapshotEntry(
            snapshot=snapshot,
            position=position,
            digest=digest,
            document_id=entry.candidate.document_id,
            labelled_by_id=entry.candidate.person,
            text=entry.candidate.text,
            **content_of(entry),
        )
        for position, (entry, digest) in enumerate(zip(found.entries, digests, strict=True))
    )
    version = snapshot.type_version
    record(
        Action.DATASET_MADE,
        subject=Subject("snapshot", snapshot.digest, 1),
        reason=f"{version}: {len(digests)} documents",
        evidence=Evidence(digests={"snapshot": snapshot.digest, "schema": version.digest}),
    )
    return snapshot


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of canonical JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
