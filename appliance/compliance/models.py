"""What is kept, for how long, what must not go, what went, and the two persons who decided it.

Documents are named by their id without a foreign key where the row must outlive them. Database triggers (see the
migrations) keep held documents, decided approvals and tombstones from being changed by anybody.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models

from appliance.sealing.fields import EncryptedTextField


def new_salt() -> str:
    """32 hex digits, for the commitment to a reason in the log: free text itself never gets there."""
    return secrets.token_hex(16)


class Kind(models.TextChoices):
    DELETE = "delete", "Delete documents"
    RELEASE_HOLD = "release_hold", "Release a legal hold"
    CHANGE_RETENTION = "change_retention", "Change a retention rule"
    PROMOTE_MODEL = "promote_model", "Put a model in force"


class ApprovalState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    APPROVED = "approved", "Approved and carried out"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class Approval(models.Model):
    """An act that needs a second person. `asked_by` is null where a retention rule asks.

    `subject`: the hold's id, the type's name, the model's digest; empty for documents (`ApprovalDocument`).
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict, help_text="What is wanted, for the kinds that need it.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    salt = models.CharField(max_length=32, default=new_salt)
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True, help_text="Why it was decided so.")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("asked_at", "pk")
        indexes = (models.Index(fields=("state", "asked_at"), name="approval_by_state"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(asked_by=None)
                | ~models.Q(asked_by=models.F("decided_by")),
                name="nobody_approves_their_own_request",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "refused")) | models.Q(decided_by__isnull=False),
                name="a_decision_has_a_person",
            ),
            models.UniqueConstraint(
                fields=("kind", "subject"),
                condition=models.Q(state="waiting") & ~models.Q(subject=""),
                name="one_waiting_request_per_subject",
            ),
        )


class ApprovalDocument(models.Model):
    """A document that a request is about."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="documents")
    document_id = models.UUIDField()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("document_id",), name="approval_by_document"),)
        constraints = (
            models.UniqueConstraint(fields=("approval", "document_id"), name="one_row_per_approval_and_document"),
        )


class Scope(models.TextChoices):
    LIST = "list", "These documents"
    TYPE = "type", "All documents of a type"
    FILTER = "filter", "All documents that fit a filter"


class LegalHold(models.Model):
    """Nothing that it covers can be deleted. What comes later and fits the type or the filter is covered as well."""

    name = models.CharField(max_length=100)
    reason = models.CharField(max_length=500)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    document_type = models.ForeignKey(
        "document_types.DocumentType", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_from = models.DateTimeField(null=True)
    uploaded_before = models.DateTimeField(null=True)
    name_contains = EncryptedTextField(blank=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)
    release = models.OneToOneField(Approval, null=True, on_delete=models.PROTECT, related_name="released_hold")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-placed_at",)

    def __str__(self) -> str:
        return self.name


class HeldDocument(models.Model):
    """A document under a hold: once covered, it stays so until the release, whatever is changed of it."""

    hold = models.ForeignKey(LegalHold, on_delete=models.PROTECT, related_name="held")
    document_id = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("document_id",), name="held_by_document"),)
        constraints = (models.UniqueConstraint(fields=("hold", "document_id"), name="one_row_per_hold_and_document"),)


class CountsFrom(models.TextChoices):
    UPLOAD = "upload", "upload"
    ACCEPTANCE = "acceptance", "the end of its review"


class RetentionRule(models.Model):
    """How long documents of a type are kept; no rule, or `days` null, keeps them.

    A new rule is rehearsed once: `rehearsed_at` is null until a nightly run has counted what it would delete.
    """

    document_type = models.OneToOneField(
        "document_types.DocumentType", on_delete=models.PROTECT, related_name="retention_rule"
    )
    days = models.PositiveIntegerField(null=True)
    counts_from = models.CharField(max_length=10, choices=CountsFrom.choices, default=CountsFrom.ACCEPTANCE)
    automatic = models.BooleanField(default=False, help_text="Deletes by itself instead of asking.")
    rehearsed_at = models.DateTimeField(null=True)
    rehearsed_count = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)


class Tombstone(models.Model):
    """What is left of a deleted document: proof that it was here and went by order, nothing of what it said.

    `by_rule` is empty where two persons decided; `version` is that of the record of its deletion in the log.
    """

    document_id = models.UUIDField(primary_key=True)
    original_sha256 = models.CharField(max_length=64, db_index=True)
    type_name = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    deleted_at = models.DateTimeField()
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="tombstones")
    by_rule = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500)
    version = models.PositiveIntegerField()

    class Meta:
        ordering = ("-deleted_at", "document_id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approval__isnull=False) | ~models.Q(by_rule=""), name="a_tombstone_names_its_order"
            ),
        )


class Promotion(models.Model):
    """A model that came in force: by two persons (`approval`), or put back at once by one (`put_back_by`, `reason`).

    `document_type`: for documents of this type alone; empty for all. `digest` is an adapter of that type, or, where the
    type has none any more, the model of all types. `moved_at` is null until the store's pointer names it, or a newer
    one.
    """

    approval = models.OneToOneField(Approval, null=True, on_delete=models.PROTECT, related_name="promotion")
    put_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    salt = models.CharField(max_length=32, default=new_salt)
    document_type = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    instead_of = models.CharField(max_length=64, blank=True)
    promoted_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approval=None, put_back_by__isnull=False)
                | models.Q(approval__isnull=False, put_back_by=None),
                name="a_promotion_names_its_order",
            ),
        )


class DoomedFolder(models.Model):
    """A deleted document whose files, unreadable without its key, are still in the store; goes when they are gone."""

    document_id = models.UUIDField(primary_key=True)
    doomed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.document_id)
