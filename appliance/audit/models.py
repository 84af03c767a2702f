"""The log. Rows are only added: database triggers refuse every update, delete and truncate.

`AuditEvent` is what an act leaves at once; `Leaf`, `Tile` and `Checkpoint` are the signed tree over it, made by the
sequencer a moment later. Only `StagedRecord`, the way from one to the other, loses rows.
"""

from __future__ import annotations

import uuid

from django.db import models

from appliance.audit.actions import Outcome, action_choices
from appliance.audit.checking.models import LogCheck

__all__ = [
    "AuditEvent",
    "Checkpoint",
    "Cosignature",
    "Epoch",
    "Leaf",
    "LogCheck",
    "Reconciliation",
    "StagedRecord",
    "Tile",
    "Witness",
]


class AuditEvent(models.Model):
    """`record` holds the canonical bytes (see canonical.py); the other columns repeat parts of them for searching.

    No foreign keys: names are copied as text, so nothing cascades and nothing changes afterwards.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    actor_role = models.CharField(max_length=10)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=30, choices=action_choices)
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


class StagedRecord(models.Model):
    """An event on its way into the tree, written in the transaction of its act. `mac`: see staging.py.

    `forged_at` is set by the sequencer when the mac does not fit; such a row stays, as evidence.
    """

    # No constraint, here and below: its check would lengthen every transaction, and no row that is pointed at can go.
    event = models.OneToOneField(
        AuditEvent, on_delete=models.DO_NOTHING, primary_key=True, related_name="staged", db_constraint=False
    )
    mac = models.BinaryField()
    forged_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"event {self.event_id}"


class Leaf(models.Model):
    """The place of an event in the tree; indexes are 0, 1, 2 … without a gap. `leaf_hash`: 32 bytes."""

    index = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.DO_NOTHING, related_name="leaf", db_constraint=False)
    leaf_hash = models.BinaryField()

    class Meta:
        ordering = ("index",)

    def __str__(self) -> str:
        return f"{self.index}"


class Tile(models.Model):
    """A full tile: 256 hashes of 32 bytes. `root` is the root over them, one hash of the tile above."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        ordering = ("level", "index")
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="one_tile_for_each_place"),)

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Epoch(models.Model):
    """One life of the sequencer."""

    number = models.BigIntegerField(primary_key=True)
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}"


class Checkpoint(models.Model):
    """The tree at one size, signed. `note` is the signed note as docs/audit-format.md describes it.

    Its own record has the index `size`: it is the next leaf, written in the same transaction.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    time_us = models.BigIntegerField()
    epoch = models.BigIntegerField()
    note = models.TextField()

    class Meta:
        ordering = ("-size",)

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class Witness(models.Model):
    """A second party's public key, with which checkpoints are counter-signed. `key_line` as in docs/audit-format.md."""

    name = models.CharField(max_length=100)
    key_line = models.CharField(max_length=300, unique=True)
    registered_by = models.CharField(max_length=150)
    registered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "witnesses"

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """A witness's signature of a checkpoint. `line` is the whole signature line of the note, without its line end."""

    checkpoint = models.ForeignKey(
        Checkpoint, on_delete=models.DO_NOTHING, related_name="cosignatures", db_constraint=False
    )
    witness = models.ForeignKey(Witness, on_delete=models.DO_NOTHING, related_name="cosignatures", db_constraint=False)
    signed_s = models.BigIntegerField()
    line = models.TextField()
    received_by = models.CharField(max_length=150)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("-checkpoint", "id")
        constraints = (models.UniqueConstraint(fields=("checkpoint", "witness"), name="one_cosignature_each"),)

    def __str__(self) -> str:
        return f"{self.witness_id} on {self.checkpoint_id}"


class SigningRequest(models.Model):
    """A selection that waits for the log's signature, `note` being empty, or has it. See log/signing_requests.py."""

    body = models.TextField(unique=True)
    note = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"signing request {self.pk}"


class Reconciliation(models.Model):
    """The result of one comparison of the log with the objects that it is about. `findings`: list of sentences."""

    made_at = models.DateTimeField()
    events = models.BigIntegerField()
    subjects = models.BigIntegerField()
    finding_count = models.PositiveIntegerField()
    findings = models.JSONField()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.made_at}: {self.finding_count} findings"
