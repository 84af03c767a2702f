"""A worker whose message could not be acknowledged ends between two jobs and is started afresh.

Celery logs the failure and goes on. On the database's doorbell the message then counts as being worked on for ever, and
with one message at a time the worker never fetches another: it looks alive, and works no more. The death of the
database in the moment of an acknowledgement is enough for that. No message is precious, so nothing else is lost.
"""

from __future__ import annotations

import logging
import os

from celery import Task
from celery.worker import state as worker_state
from celery.worker.request import Request
from kombu.asynchronous import get_event_loop

log = logging.getLogger(__name__)


class CarefulRequest(Request):  # type: ignore[misc]
    """Looks whether the acknowledgement has reached the broker.

    Where Celery runs an event loop, as with RabbitMQ, it is sent only afterwards; a line that is cut then makes the
    worker connect anew, and nothing needs to be looked at.
    """

    def acknowledge(self) -> None:
        super().acknowledge()
        if get_event_loop() is None and not self.message.acknowledged:
            log.warning("a message could not be acknowledged; this worker is started afresh")
            worker_state.should_stop = os.EX_TEMPFAIL


class CarefulTask(Task):  # type: ignore[misc]
    """What every task of the box is made of."""

    Request = CarefulRequest
