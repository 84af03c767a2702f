"""What the clock rings for."""

from __future__ import annotations

from celery import shared_task

from appliance.document_types.queries import published_types
from appliance.retraining.datasets.gathering import gather


@shared_task(name="appliance.retraining.datasets.tasks.gather_labels")
def gather_labels() -> None:
    """Some of every type, so that pages and snapshots find little left to do."""
    for choice in published_types():
        gather(choice.version.document_type)
