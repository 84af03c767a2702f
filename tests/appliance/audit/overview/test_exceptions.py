from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.models import AuditEvent
from appliance.audit.overview.chart import HEIGHT, LEFT, WIDTH, chart_of
from appliance.audit.overview.exceptions import KINDS, Day, Exceptions, Line, exceptions

TODAY = date(2026, 11, 21)


def happened(action: Action, *, days_ago: int = 0, outcome: Outcome = Outcome.DONE, times: int = 1) -> None:
    """Rows as they would have been written then; what they say is of no matter here."""
    at = timezone.now() - timedelta(days=days_ago)
    AuditEvent.objects.bulk_create(
        AuditEvent(recorded_at=at, action=action, outcome=outcome, record=json.dumps({}).encode()) for _ in range(times)
    )


def counted(found: Exceptions) -> dict[str, int]:
    return {line.kind.name: line.count for line in found.lines if line.count}


def test_exceptions_are_counted_by_kind_and_day(db):
    happened(Action.ACCESS_REFUSED, times=3)
    happened(Action.LOGIN_FAILED, days_ago=2, times=2)
    happened(Action.CLOCK_MOVED, days_ago=6)
    happened(Action.LOCKED_OUT, days_ago=7)
    happened(Action.LOGGED_IN, times=5)
    found = exceptions(period=7)

    assert counted(found) == {"refused": 3, "failed-log-ins": 2, "clock": 1}
    assert [day.total for day in found.days] == [1, 0, 0, 0, 2, 0, 3]
    assert counted(exceptions(period=30))["locked-out"] == 1


def test_a_check_counts_only_when_it_found_something(db):
    happened(Action.LOG_CHECKED, times=4)
    happened(Action.LOG_RECONCILED)
    happened(Action.LOG_RECONCILED, outcome=Outcome.FAILED)

    assert counted(exceptions(period=7)) == {"findings": 1}


def test_another_period_is_refused(db):
    with pytest.raises(ValueError, match="8 days"):
        exceptions(period=8)


def days(*totals: int) -> Exceptions:
    kinds = len(KINDS)
    made = [
        Day(TODAY - timedelta(days=len(totals) - 1 - place), (total, *[0] * (kinds - 1)))
        for place, total in enumerate(totals)
    ]
    return Exceptions(len(totals), tuple(made), tuple(Line(kind, 0) for kind in KINDS))


def test_the_highest_bar_fills_the_chart_and_none_leaves_it():
    chart = chart_of(days(0, 1, 4))
    heights = [sum(piece.height for piece in bar.pieces) for bar in chart.bars]

    assert heights[0] == 0
    assert heights[2] == pytest.approx(4 * heights[1])
    assert chart.bars[2].pieces[0].y == pytest.approx(chart.top)
    assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert chart.base < HEIGHT


def test_pieces_of_a_bar_stand_on_each_other():
    day = Day(TODAY, (2, 3, 0, 1, *[0] * (len(KINDS) - 4)))
    (bar,) = chart_of(Exceptions(1, (day,), tuple(Line(kind, 0) for kind in KINDS))).bars
    names = [piece.name for piece in bar.pieces]
    tops = [piece.y for piece in bar.pieces]
    bottoms = [piece.y + piece.height for piece in bar.pieces]

    assert names == ["refused", "failed-log-ins", "forged"]
    assert bottoms[1:] == pytest.approx(tops[:-1])


def test_a_month_has_few_names_of_days_and_always_todays():
    labels = [bar.label for bar in chart_of(days(*range(30))).bars]

    assert labels[-1] == "21 Nov"
    assert 5 <= sum(bool(label) for label in labels) <= 8


def test_nothing_at_all_is_a_flat_line():
    chart = chart_of(days(0, 0))

    assert chart.highest == 1
    assert all(bar.pieces == () for bar in chart.bars)
