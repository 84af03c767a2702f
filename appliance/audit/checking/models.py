"""A check of the whole log, asked for on a page. What it found is in the log too; this row is what the pages show."""

from __future__ import annotations

from django.db import models


class CheckState(models.TextChoices):
    WAITING = "waiting", "Waiting for a worker"
    WRITING = "writing", "Copying the log"
    VERIFYING = "verifying", "Verifying the copy"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class Verdict(models.TextChoices):
    """The verifier's own words; none where it gave no answer."""

    NONE = "", "No answer"
    OK = "ok", "In order"
    TAMPERED = "tampered", "Tampered with"
    INCOMPLETE = "incomplete", "Incomplete"
    USAGE = "usage", "Not checked"


class LogCheck(models.Model):
    """`renewed_at` is the last sign of life of who works on it. `index` is a record's or, for some kinds, a
    checkpoint's size (words.py tells which). `is_open` falls when the check ends; only one may be open."""

    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    renewed_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.WAITING)
    is_open = models.BooleanField(default=True)
    size = models.BigIntegerField(default=0)
    written = models.BigIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    kind = models.CharField(max_length=30, blank=True)
    index = models.BigIntegerField(null=True)
    checkpoints = models.BigIntegerField(default=0)
    anchors = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("is_open",), condition=models.Q(is_open=True), name="one_log_check_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"check {self.pk}: {self.state} {self.verdict}"
