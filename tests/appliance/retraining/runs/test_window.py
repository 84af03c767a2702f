from __future__ import annotations

from datetime import UTC, datetime

import pytest

from appliance.retraining.runs.window import Window


def at(hour: int, day: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "open_hours"),
    [
        (Window(20, 6), {20, 21, 22, 23, 0, 1, 2, 3, 4, 5}),
        (Window(1, 3), {1, 2}),
        (Window(0, 0), set(range(24))),
        (Window(23, 0), {23}),
    ],
    ids=str,
)
def test_open_hours(window: Window, open_hours: set[int]) -> None:
    assert {hour for hour in range(24) if window.is_open(at(hour, minute=59))} == open_hours


@pytest.mark.parametrize(
    ("window", "now", "opening"),
    [
        (Window(20, 6), at(12), at(20)),
        (Window(20, 6), at(23), at(23)),
        (Window(1, 3), at(12), at(1, day=11)),
        (Window(20, 6), at(6), at(20)),
    ],
    ids=["today", "open now", "tomorrow", "just closed"],
)
def test_next_opening(window: Window, now: datetime, opening: datetime) -> None:
    assert window.next_opening(now) == opening


def test_hours_are_of_the_site(settings: object) -> None:
    settings.TIME_ZONE = "America/New_York"  # type: ignore[attr-defined]
    assert Window(20, 6).is_open(at(1))  # 20:00 the evening before, in New York after the change of March 8
    assert not Window(20, 6).is_open(at(20))
