"""What the box knows about its own processes."""

from __future__ import annotations

from django.db import models


class WorkerHeartbeat(models.Model):
    """One row per worker process, renewed every few seconds; an old `seen_at` means that the process is gone.

    `holds`: digests of the models in its memory. `protections`: of a reading worker, the walls around the processes in
    which it opens documents (extraction.read.sandbox.protections), as they stood when it began.
    """

    name = models.CharField(max_length=120, unique=True)
    queue = models.CharField(max_length=20)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    holds = models.JSONField(default=list)
    protections = models.JSONField(default=list)

    class Meta:
        ordering = ("queue", "name")

    def __str__(self) -> str:
        return self.name
