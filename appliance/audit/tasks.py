"""Tasks of the log."""

from __future__ import annotations

from celery import shared_task

from appliance.audit.checking.tasks import check_log
from appliance.audit.log.reconcile import reconcile

__all__ = ["check_log", "reconcile_log"]


@shared_task(name="appliance.audit.tasks.reconcile_log")
def reconcile_log() -> int:
    """Nightly. Returns the number of findings; they are kept and recorded, and the overview shows them."""
    return reconcile().finding_count
