"""The log. Rows are only added: database triggers refuse every update, delete and truncate.

`record` holds the canonical bytes (see canonical.py); the other columns repeat parts of them for searching. No foreign
keys: names are copied as text, so nothing cascades and nothing changes afterwards.
"""

from __future__ import annotations

import uuid

from django.db import models

from appliance.audit.actions import Action, Outcome


class AuditEvent(models.Model):
    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    actor_role = models.CharField(max_length=10)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=30, choices=Action.choices)
    object_type = models.CharField(max_length=20, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_version = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    reason = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    record = models.BinaryField()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("object_type", "object_id", "id")),
            models.Index(fields=("recorded_at", "id"), name="audit_by_time"),
            models.Index(fields=("actor", "recorded_at", "id"), name="audit_by_actor"),
            models.Index(fields=("action", "recorded_at", "id"), name="audit_by_action"),
            models.Index(
                fields=("outcome", "recorded_at", "id"),
                condition=models.Q(outcome__in=["refused", "failed"]),
                name="audit_not_done",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.object_type} {self.object_id}"
