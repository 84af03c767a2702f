"""Telling the upkeep worker that a check of the log waits."""

from __future__ import annotations

import logging

from celery import current_app

from appliance.ringing import may_get_lost

TASK = "appliance.audit.checking.tasks.check_log"

log = logging.getLogger(__name__)


def ring(check_id: int) -> None:
    """Raises nothing: a check that no worker hears of ends itself after a while, and the page says so."""
    with may_get_lost(log, f"check {check_id} of the log waits"):
        current_app.send_task(TASK, args=[check_id], queue="upkeep")
