"""What belongs to a document and goes with it. A test finds every table that points at one, so none is forgotten.

In the order of deletion: what points at another row goes before it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from appliance.compliance.models import DoomedFile
from appliance.documents.models import Document, Page

BELONGINGS = (
    ("retraining.Conflict", "answers__document"),
    ("retraining.ConflictAnswer", "document"),
    ("retraining.DocumentLabel", "document"),
    ("retraining.ShadowResult", "document"),
    ("review.Decision", "document"),
    ("documents.FieldValue", "extraction__document"),
    ("documents.ModelAnswer", "extraction__document"),
    ("retraining.ShadowResult", "document"),
    ("dossier.Replay", "extraction__document"),
    ("documents.Extraction", "document"),
    ("documents.Page", "document"),
    ("documents.Job", "document"),
)
"""(table, the way from it to its document). Salts of the log's commitments lie in these rows and nowhere else."""


def rows_of(document_ids: Collection[UUID]) -> list[QuerySet[Model]]:
    """The rows that belong to the documents, table by table, in the order in which they can go."""
    return [apps.get_model(label)._default_manager.filter(**{f"{way}__in": document_ids}) for label, way in BELONGINGS]


def doom_files(document_ids: Collection[UUID]) -> None:
    """Note every file of the documents for the sweeper: originals, page images, thumbnails."""
    documents = Document.objects.filter(pk__in=document_ids)
    named = [
        *documents.values_list("sha256", "pk"),
        *documents.exclude(thumbnail_sha256="").values_list("thumbnail_sha256", "pk"),
        *Page.objects.filter(document__in=document_ids).values_list("image_sha256", "document_id"),
    ]
    DoomedFile.objects.bulk_create(DoomedFile(sha256=sha256, document_id=pk) for sha256, pk in sorted(set(named)))


def used_among(digests: Collection[str]) -> set[str]:
    """Those of the files that any document still needs."""
    return {
        *Document.objects.filter(sha256__in=digests).values_list("sha256", flat=True),
        *Document.objects.filter(thumbnail_sha256__in=digests).values_list("thumbnail_sha256", flat=True),
        *Page.objects.filter(image_sha256__in=digests).values_list("image_sha256", flat=True),
    }
