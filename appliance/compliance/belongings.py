"""What belongs to a document and goes with it. A test finds every table that points at one, so none is forgotten.

In the order of deletion: what points at another row goes before it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from appliance.compliance.models import DoomedFolder
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
    """Note the documents for the sweeper: originals, page images, thumbnails."""
    DoomedFolder.objects.bulk_create(DoomedFolder(document_id=pk) for pk in document_ids)


def files_of(document_id: UUID) -> set[str]:
    """Digests of the files that the document's rows name: original, thumbnail, page images. Empty when it is gone."""
    named = Document.objects.filter(pk=document_id).values_list("sha256", "thumbnail_sha256")
    images = Page.objects.filter(document=document_id).values_list("image_sha256", flat=True)
    return {sha256 for row in named for sha256 in row if sha256} | set(images)
