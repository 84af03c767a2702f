"""A clerk who uploads, and a doorbell that nobody hears."""

from __future__ import annotations

import pytest
from celery import current_app

from tests.appliance.cast import clara

__all__ = ["clara"]


@pytest.fixture
def no_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queues of the broker are not in the database of the tests."""
    monkeypatch.setattr(current_app._get_current_object(), "send_task", lambda *_args, **_options: None)
