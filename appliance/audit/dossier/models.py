"""Replays: extractions that were run again in order to compare. The row quotes the document and dies with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from appliance.documents.models import Extraction, Job, JobState
from appliance.sealing.fields import EncryptedJSONField


class Verdict(models.TextChoices):
    EQUAL = "equal", "Equal"
    DIFFERS = "differs", "Differs"
    IMPOSSIBLE = "impossible", "Cannot be replayed"


class Replay(models.Model):
    """`report` is a `comparing.Report` as JSON; `verdict` is empty until the worker is done."""

    extraction = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="replays")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="replay")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replays")
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    report = EncryptedJSONField(of="extraction.document_id", default=dict)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"replay {self.pk}"

    @property
    def is_live(self) -> bool:
        """Waits or runs."""
        return not self.verdict and self.job is not None and self.job.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def is_lost(self) -> bool:
        """Was given up without a verdict: the worker died each time."""
        return not self.verdict and not self.is_live
