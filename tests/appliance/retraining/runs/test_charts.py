from __future__ import annotations

import math
import re
from typing import Any

import pytest

from appliance.retraining.models import Measured
from appliance.retraining.runs import pictures
from appliance.retraining.runs.charts import Point, axis, marks, plot


@pytest.mark.parametrize(
    "values",
    [[0.71, 0.98], [3.0], [0.0, 1234.0], [], [float("nan"), 0.5, 0.6]],
    ids=["shares", "one value", "steps", "nothing", "no number"],
)
def test_ticks_are_round_and_cover_all_values(values: list[float]) -> None:
    found = axis("x", values)
    said = [float(tick.label) for tick in found.ticks]
    finite = [value for value in values if not math.isnan(value)]
    assert not finite or (found.low <= min(finite) and max(finite) <= found.high)
    assert 2 <= len(said) <= 12
    assert said == sorted(set(said))
    assert len({len(tick.label.partition(".")[2]) for tick in found.ticks}) == 1


def test_a_share_never_goes_over_one() -> None:
    assert axis("F1", [0.5, 1.0], until=1.0).high == 1.0


def test_labels_on_one_spot_stand_below_each_other() -> None:
    frame = plot("t", "d", axis("x", [0, 1]), axis("y", [0, 1]))
    found = marks(frame, [Point(0.5, 0.5, "t", label=f"Q{n}") for n in range(4)])
    places = [mark.label_y for mark in found]
    assert len(set(places)) == 4
    assert min(b - a for a, b in zip(sorted(places), sorted(places)[1:], strict=False)) >= 14


def test_all_points_lie_within_the_frame() -> None:
    points = [{"step": n, "loss": 3 / n, "calibration": 2.0 if n % 3 == 0 else None} for n in range(1, 20)]
    drawn = pictures.curve(points)
    assert drawn is not None
    for x, y in re.findall(r"([\d.]+),([\d.]+)", " ".join(line.points for line in drawn.lines)):
        assert drawn.left <= float(x) <= drawn.right
        assert drawn.top <= float(y) <= drawn.base
    assert "went from 3.000 to 0.158" in drawn.description
    assert len(drawn.lines) == 2


@pytest.mark.parametrize("points", [[], [{"step": 1, "loss": None}], [{"step": 1, "loss": float("nan")}]], ids=str)
def test_nothing_to_draw_is_no_picture(points: list[dict[str, Any]]) -> None:
    assert pictures.curve(points) is None
    assert pictures.trade_off([]) is None
    assert pictures.reliability([]) is None


def measured(role: str, f1: float, *, size: int = 100, seconds: float = 1.0) -> Measured:
    summary = {"f1": f1, "f1_interval": [f1 - 0.05, min(1.0, f1 + 0.05)], "seconds_per_document": seconds}
    return Measured(role=role, quantization=role.rpartition(" ")[2], size=size, summary=summary)


def test_the_area_says_the_size_and_the_line_the_least_that_is_kept() -> None:
    drawn = pictures.trade_off(
        [measured("full precision", 0.9, size=400), measured("candidate Q4_0", 0.88, size=100, seconds=0.5)]
    )
    assert drawn is not None
    small, large = sorted(mark.radius for mark in drawn.marks)
    assert large == pytest.approx(2 * small)
    assert [line.name for line in drawn.lines] == ["95 % of full precision"]
    assert {mark.kind for mark in drawn.marks} == {"full", "candidate"}
    assert all(mark.top is not None and mark.bottom is not None and mark.top < mark.bottom for mark in drawn.marks)


def test_on_the_diagonal_confidence_means_what_it_says() -> None:
    bins = [{"confidence": 0.5, "right": 0.5, "low": 0.3, "high": 0.7, "n": 20}]
    drawn = pictures.reliability(bins)
    assert drawn is not None
    mark = drawn.marks[0]
    across = (mark.x - drawn.left) / (drawn.right - drawn.left)
    up = (drawn.base - mark.y) / (drawn.base - drawn.top)
    assert across == pytest.approx(up, abs=0.01)
