"""Work on the store of models that somebody asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class JobState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"
    DONE = "done", "Done"


class JobKind(models.TextChoices):
    CHECK = "check", "Check what a medium holds"
    IMPORT = "import", "Import"
    QUANTIZE = "quantize", "Quantize"
    EVALUATE = "evaluate", "Measure"
    COPY = "copy", "Give a name"
    RENAME = "rename", "Rename"
    REMOVE = "remove", "Remove"


class ModelJob(models.Model):
    """Work on the store of models that takes longer than a request. `lease_until`, `attempt`, ... as of a Job.

    `subject`: digest of a model, or what lies on the medium. `progress`: share and words. `result`: by kind.
    """

    kind = models.CharField(max_length=10, choices=JobKind.choices)
    subject = models.CharField(max_length=200, db_index=True)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING, db_index=True)
    stop_asked = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fencing_token = models.PositiveBigIntegerField(default=0)
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject[:12]}: {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in {JobState.WAITING, JobState.RUNNING}

    @property
    def is_quick(self) -> bool:
        """Done in a moment, so it need not wait behind a training."""
        return self.kind in {JobKind.COPY, JobKind.RENAME, JobKind.REMOVE}

    @property
    def is_about_a_model(self) -> bool:
        """`subject` is the digest of a model."""
        return self.kind not in {JobKind.CHECK, JobKind.IMPORT}
