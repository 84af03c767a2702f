"""A message that cannot be acknowledged ends its worker; one that can does not."""

from __future__ import annotations

import os
import uuid

import pytest
from celery.worker import state as worker_state
from celery.worker.request import Request
from kombu.asynchronous import Hub, get_event_loop, set_event_loop
from kombu.message import Message

from appliance.celery import app
from appliance.operations.acknowledging import CarefulRequest
from appliance.operations.tasks import ring


class BrokenLine(Exception):
    pass


class Channel:
    """The one thing that a message asks of its channel."""

    def __init__(self, *, breaks: bool) -> None:
        self.breaks = breaks
        self.no_ack_consumers: set[str] = set()

    def basic_ack(self, tag: str, multiple: bool = False) -> None:
        if self.breaks:
            raise BrokenLine("the database is gone")


def _acknowledged_by(kind: type[Request], *, breaks: bool) -> Request:
    channel = Channel(breaks=breaks)
    headers = {"id": str(uuid.uuid4()), "task": ring.name}
    message = Message(
        body=b'[["word"], {}, {}]',
        channel=channel,
        delivery_tag="1",
        headers=headers,
        delivery_info={},
        content_type="application/json",
        content_encoding="utf-8",
    )
    request = kind(
        message,
        app=app,
        task=ring,
        on_ack=message.ack_log_error,
        headers=headers,
        connection_errors=(BrokenLine,),
    )
    request.acknowledge()
    return request


@pytest.fixture(autouse=True)
def _going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_state, "should_stop", None)


def test_a_worker_that_cannot_acknowledge_ends() -> None:
    _acknowledged_by(CarefulRequest, breaks=True)
    assert worker_state.should_stop == os.EX_TEMPFAIL


def test_a_worker_that_can_goes_on() -> None:
    _acknowledged_by(CarefulRequest, breaks=False)
    assert worker_state.should_stop is None


def test_where_acknowledgements_are_sent_later_nothing_is_looked_at() -> None:
    """As with RabbitMQ: else each message would end its worker."""
    before = get_event_loop()
    set_event_loop(Hub())
    try:
        _acknowledged_by(CarefulRequest, breaks=True)
    finally:
        set_event_loop(before)
    assert worker_state.should_stop is None


def test_celery_alone_goes_on_and_says_that_it_is_acknowledged() -> None:
    """The control."""
    request = _acknowledged_by(Request, breaks=True)
    assert request.acknowledged
    assert not request.message.acknowledged
    assert worker_state.should_stop is None


def test_every_task_of_the_box_is_watched() -> None:
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if name.startswith("appliance.")]
    assert len(ours) > 5
    assert {task.Request for task in ours} == {CarefulRequest}
