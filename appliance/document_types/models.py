"""Document types and their versions. A published version never changes (a database trigger refuses it)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from extraction.schema import DocumentTypeSpec


class DocumentType(models.Model):
    """A name under which versions of a schema are published. Archived types take no new documents."""

    name = models.SlugField(max_length=64, unique=True)
    archived = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0, help_text="Counts the audited changes of this type.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class DocumentTypeVersion(models.Model):
    """One version of a type's schema: a draft until it is published, then frozen."""

    document_type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schema = models.JSONField(help_text="A DocumentTypeSpec as JSON.")
    digest = models.CharField(max_length=64)
    grammar_digest = models.CharField(
        max_length=64, default="", help_text="Of the grammar that was compiled within bounds before publishing."
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="published_versions"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="drafted_versions"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("document_type", "-number")
        constraints = (
            models.UniqueConstraint(fields=("document_type", "number"), name="one_version_per_number"),
            models.UniqueConstraint(
                fields=("document_type",), condition=models.Q(published_at=None), name="one_draft_per_type"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_type.name} v{self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def spec(self) -> DocumentTypeSpec:
        return DocumentTypeSpec.model_validate(self.schema)
