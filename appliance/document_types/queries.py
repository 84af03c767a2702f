"""What pages and other apps read about document types."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from appliance.document_types.models import DocumentType, DocumentTypeVersion


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """A type that a document can get: `title` is what people read, `name` what forms and the API carry."""

    id: int
    name: str
    title: str
    version: DocumentTypeVersion


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One line of the list of types. `in_use` is the last published version."""

    document_type: DocumentType
    title: str
    in_use: DocumentTypeVersion | None
    draft: DocumentTypeVersion | None
    published: int
    fields: int
    documents: int

    @property
    def published_at(self) -> datetime | None:
        return self.in_use.published_at if self.in_use else None


def published_types() -> list[TypeChoice]:
    """Types in use with their last published version, by title; archived ones are left out."""
    newest = (
        DocumentTypeVersion.objects.exclude(published_at=None)
        .filter(document_type__archived=False)
        .order_by("document_type_id", "-number")
        .distinct("document_type_id")
        .select_related("document_type")
    )
    choices = [TypeChoice(v.document_type_id, v.document_type.name, v.spec.title, v) for v in newest]
    return sorted(choices, key=lambda choice: choice.title.casefold())


def latest_published(document_type: DocumentType) -> DocumentTypeVersion | None:
    """The version in use, also of an archived type; None where nothing was published."""
    return document_type.versions.exclude(published_at=None).order_by("-number").first()


def draft_of(document_type: DocumentType) -> DocumentTypeVersion | None:
    return document_type.versions.filter(published_at=None).first()


def versions(document_type: DocumentType) -> list[DocumentTypeVersion]:
    """Published versions, newest first."""
    found = document_type.versions.exclude(published_at=None).select_related("document_type", "published_by")
    return list(found.order_by("-number"))


def type_rows() -> list[TypeRow]:
    """All types, those in use first, in three queries whatever their number."""
    by_type: dict[int, list[DocumentTypeVersion]] = defaultdict(list)
    for version in DocumentTypeVersion.objects.select_related("published_by").order_by("document_type_id", "-number"):
        by_type[version.document_type_id].append(version)
    documents = dict(DocumentType.objects.order_by().annotate(n=Count("documents")).values_list("pk", "n"))
    types = DocumentType.objects.order_by("archived", "name")
    return [
        _row(document_type, by_type[document_type.pk], documents.get(document_type.pk, 0)) for document_type in types
    ]


def _row(document_type: DocumentType, newest_first: list[DocumentTypeVersion], documents: int) -> TypeRow:
    published = [version for version in newest_first if version.is_published]
    draft = next((version for version in newest_first if not version.is_published), None)
    shown = published[0] if published else draft
    return TypeRow(
        document_type=document_type,
        title=shown.spec.title if shown else document_type.name,
        in_use=published[0] if published else None,
        draft=draft,
        published=len(published),
        fields=len(shown.schema["fields"]) if shown else 0,
        documents=documents,
    )


@dataclass(frozen=True, slots=True)
class Use:
    """How many documents have the type, and how many extractions the version made."""

    documents: int
    extractions: int


def use_of(document_type: DocumentType, version: DocumentTypeVersion | None) -> Use:
    return Use(document_type.documents.count(), version.extractions.count() if version else 0)
