"""Snapshots and measurements for tests of the registry."""

from __future__ import annotations

from appliance.document_types.models import DocumentTypeVersion
from appliance.document_types.services import publish_shipped_types
from appliance.retraining.models import Measured, Part, Snapshot, SnapshotEntry, Source
from appliance.retraining.runs.measuring import About, keep_measured
from models_store.evaluation import Evaluation
from tests.appliance.retraining.registry.fake_workshop import answered


def snapshot(*, documents: int = 2, part: Part = Part.TEST, digest: str = "5" * 64) -> Snapshot:
    """All its documents are in one part."""
    publish_shipped_types()
    version = DocumentTypeVersion.objects.get(document_type__name="receipt")
    made = Snapshot.objects.create(digest=digest, type_version=version)
    SnapshotEntry.objects.bulk_create(
        SnapshotEntry(
            snapshot=made,
            position=number,
            part=part,
            source=Source.IMPORT,
            digest=f"{number:064x}",
            original_sha256=f"{number:064x}",
            text="Total 1",
            text_sha256=f"{number:064x}",
            fields={"total": "1"},
            spans={},
        )
        for number in range(documents)
    )
    return made


def measured(on: Snapshot, model: str, right: list[bool]) -> Measured:
    """The model has the date of each document right or wrong."""
    entries = on.entries.filter(part=Part.TEST).order_by("position")
    documents = tuple(answered(str(entry.pk), one) for entry, one in zip(entries, right, strict=True))
    evaluation = Evaluation(model=model, labels="0" * 64, documents=documents, file_bytes=1024**2)
    return keep_measured(About(on, "measured by itself"), evaluation)
