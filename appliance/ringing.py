"""Sending a message to a worker. It may get lost: what is to be done stands in the database; a sweep rings again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app
from kombu.exceptions import OperationalError


@contextmanager
def may_get_lost(log: logging.Logger, told: str) -> Iterator[None]:
    """Around `send_task`: a broker that cannot be reached is a line in the log, and no error of who rings."""
    try:
        yield
    except OperationalError:
        log.warning("the broker does not answer; %s", told)
    except AttributeError:
        # A connection that was cut while it lay in the pool can keep a channel that knows its connection no more. kombu
        # takes that for a bug and would give out the same channel again and again, so the next ring gets a fresh one.
        log.warning("the broker's connection was cut; %s", told, exc_info=True)
        current_app.pool.force_close_all(close_pool=False)
        current_app.pool.setup()  # else it would wait for ever for one of those that were closed
