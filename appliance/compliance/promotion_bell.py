"""Telling the upkeep worker that a model is to be put in force: it may write to the store where the web may not."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

TASK = "appliance.compliance.tasks.put_in_force"
log = logging.getLogger(__name__)


def ring_to_put_in_force() -> None:
    """A lost ring costs a minute: the clock rings too."""
    try:
        current_app.send_task(TASK, queue="upkeep")
    except OperationalError:
        log.warning("the broker does not answer; the model waits for the clock")
