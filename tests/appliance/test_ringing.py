"""A ring that fails is no error of who rings, and does not make the next ones fail."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from appliance import ringing
from appliance.ringing import may_get_lost

log = logging.getLogger(__name__)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Celery:
    made = Celery("ringing", broker="memory://", set_as_current=False)
    monkeypatch.setattr(ringing, "current_app", made)
    return made


def ring(app: Celery) -> None:
    app.send_task("some.task", queue="bell")


def cut_in_the_pool(app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel of the pooled connection loses its connection, as one of pgmq does when the database dies."""
    ring(app)
    with app.pool.acquire(block=True) as line:
        channel = line.default_channel

    def put(*_: Any, **__: Any) -> None:
        raise AttributeError("'NoneType' object has no attribute '_get_pgmq_client'")

    monkeypatch.setattr(channel, "_put", put)


def test_control_a_cut_connection_fails(app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_in_the_pool(app, monkeypatch)
    with pytest.raises(AttributeError):
        ring(app)


def test_after_a_cut_connection_the_next_ring_is_heard(
    app: Celery, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cut_in_the_pool(app, monkeypatch)

    with may_get_lost(log, "job 7 waits"):
        ring(app)
    for _ in range(20):  # more than the pool has connections: none of them is the cut one
        ring(app)

    said = [record.getMessage() for record in caplog.records if record.name == __name__]
    assert said == ["the broker's connection was cut; job 7 waits"]


def test_broker_that_does_not_answer_is_a_line_in_the_log(app: Celery, caplog: pytest.LogCaptureFixture) -> None:
    with may_get_lost(log, "job 7 waits"):
        raise OperationalError("refused")
    assert [record.getMessage() for record in caplog.records] == ["the broker does not answer; job 7 waits"]


def test_other_errors_are_not_swallowed(app: Celery) -> None:
    with pytest.raises(ValueError, match="a bug"), may_get_lost(log, "job 7 waits"):
        raise ValueError("a bug")
