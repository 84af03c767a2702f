from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appliance.audit.overview.health import LogFacts, health_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WELL = LogFacts(
    size=1000,
    waiting=0,
    oldest_waiting=None,
    last_signed=NOW - timedelta(seconds=30),
    trouble="",
    anchor_problem="",
    countersigned_at=NOW - timedelta(days=3),
    reconciled_at=NOW - timedelta(hours=8),
    findings=0,
    forged=0,
    found_tampered="",
)


def test_a_log_that_is_well_is_in_order():
    (said,) = health_of(WELL, now=NOW)

    assert (said.condition, said.sentence, said.advice) == ("ok", "The log is in order.", "")


@pytest.mark.parametrize(("change", "condition", "piece"), [
    ({"found_tampered": "A record was changed."}, "bad", "A record was changed."),
    ({"forged": 2}, "bad", "without the box's seal: 2"),
    ({"last_signed": NOW - timedelta(minutes=4)}, "bad", "held up since 2026-11-21 11:56:00"),
    ({"oldest_waiting": timedelta(minutes=2), "waiting": 9}, "bad", "held up since 2026-11-21 11:58:00"),
    ({"trouble": "Tile 0/3 has a gap."}, "bad", "not written on: Tile 0/3 has a gap."),
    ({"findings": 3}, "bad", "found 3"),
    ({"reconciled_at": NOW - timedelta(days=2)}, "warning", "Not reconciled since"),
    ({"anchor_problem": "The folder is not there."}, "warning", "not anchored: The folder is not there."),
    ({"countersigned_at": None}, "warning", "Never counter-signed"),
    ({"countersigned_at": NOW - timedelta(days=9)}, "warning", "Not counter-signed since"),
    ({"last_signed": None, "countersigned_at": None}, "warning", "No checkpoint has been signed yet"),
])  # fmt: skip
def test_each_trouble_is_said_with_what_to_do(change, condition, piece):
    said, *others = health_of(replace(WELL, **change), now=NOW)

    assert others == []
    assert said.condition == condition
    assert piece in said.sentence
    assert said.advice


@pytest.mark.parametrize("change", [
    {"last_signed": NOW - timedelta(minutes=2)},
    {"oldest_waiting": timedelta(seconds=5), "waiting": 40},
    {"countersigned_at": NOW - timedelta(days=7)},
    {"reconciled_at": None},
])  # fmt: skip
def test_what_is_usual_is_no_trouble(change):
    assert [said.condition for said in health_of(replace(WELL, **change), now=NOW)] == ["ok"]


def test_the_worst_comes_first():
    state = replace(WELL, anchor_problem="Gone.", forged=1, countersigned_at=None)

    assert [said.condition for said in health_of(state, now=NOW)] == ["bad", "warning", "warning"]
