"""Tasks of the box itself."""

from __future__ import annotations

from celery import shared_task

from appliance.operations import heartbeat  # noqa: F401  connects the worker's heartbeat to Celery's signals


@shared_task(name="appliance.operations.tasks.ring")
def ring(text: str) -> str:
    """Does nothing and gives its text back: shows that a message reaches a worker."""
    return text
