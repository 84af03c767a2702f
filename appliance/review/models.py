"""What people decided about extracted values. Rows are only added; the latest decision on a path counts."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models

from appliance.sealing.fields import EncryptedTextField


def new_salt() -> str:
    """32 hex digits; kept beside the value, so that destroying the row makes the log's commitment unreadable."""
    return secrets.token_hex(16)


class DecisionKind(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    CORRECTED = "corrected", "Corrected"
    ABSENT = "absent", "Not in the document"
    EMPTY = "empty", "Left empty"
    ROW_ADDED = "row_added", "Row added"
    ROW_REMOVED = "row_removed", "Row removed"
    UNDONE = "undone", "Undone"


class Anchor(models.TextChoices):
    """What a correction stands on. Only anchored ones (all but TYPED) may train a model."""

    SPAN = "span", "Words of the page"
    ABSENT = "absent", "Not in the document"
    OCR_WRONG = "ocr_wrong", "Read wrongly by OCR"
    TYPED = "typed", "Typed"


class Decision(models.Model):
    """One person's decision on one value: before, after, and the place on the page it stands on."""

    document = models.ForeignKey("documents.Document", on_delete=models.CASCADE, related_name="decisions")
    extraction = models.ForeignKey("documents.Extraction", on_delete=models.PROTECT, related_name="decisions")
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=DecisionKind.choices)
    anchor = models.CharField(max_length=10, choices=Anchor.choices, blank=True)
    before_raw = EncryptedTextField(of="document_id", null=True, help_text='Null is "not in the document", not empty.')
    before_normal = EncryptedTextField(of="document_id", blank=True)
    raw = EncryptedTextField(of="document_id", null=True, help_text="Null as above.")
    normal = EncryptedTextField(of="document_id", blank=True)
    rule = models.CharField(max_length=60, blank=True)
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    regions = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(auto_now_add=True)
    salt = EncryptedTextField(of="document_id", default=new_salt)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("document", "path")),)
