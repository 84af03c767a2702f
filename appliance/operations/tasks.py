"""Tasks of the box itself."""

from __future__ import annotations

from celery import shared_task

from appliance.operations import heartbeat, recycling  # noqa: F401  they connect themselves to Celery's signals


@shared_task(name="appliance.operations.tasks.ring")
def ring(text: str) -> str:
    """Does nothing and gives its text back: shows that a message reaches a worker."""
    return text
