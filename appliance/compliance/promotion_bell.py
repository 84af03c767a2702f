"""Telling the upkeep worker that a model is to be put in force: it may write to the store where the web may not."""

from __future__ import annotations

import logging

from celery import current_app

from appliance.ringing import may_get_lost

TASK = "appliance.compliance.tasks.put_in_force"
log = logging.getLogger(__name__)


def ring_to_put_in_force() -> None:
    """A lost ring costs a minute: the clock rings too."""
    with may_get_lost(log, "the model waits for the clock"):
        current_app.send_task(TASK, queue="upkeep")
