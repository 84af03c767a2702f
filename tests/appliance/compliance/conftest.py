"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.documents import doorbell


class SilentBell:
    """No worker listens in tests that commit."""

    def send_task(self, *_: Any, **__: Any) -> None:
        return None


@pytest.fixture
def quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "current_app", SilentBell())
