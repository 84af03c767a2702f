"""What is drawn of a run: its curve, what each file costs and keeps, and whether confidence means what it says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from appliance.retraining.models import Measured
from appliance.retraining.runs.charts import Line, Plot, Point, axis, line, marks, plot
from appliance.retraining.runs.plan import IN_FORCE

LEAST_KEPT = 0.95
"""Of the score at full precision; drawn as a line."""
_KINDS = {IN_FORCE: "in-force", "full precision": "full"}
_ROOM = 1.12
"""To the right of the slowest file, for its point and label."""
_NARROW = 420
_LARGEST_RADIUS, _SMALLEST_RADIUS = 18.0, 4.0


def curve(points: Sequence[Mapping[str, Any]]) -> Plot | None:
    """Loss of training and calibration by step; None before the first point."""
    steps = [point for point in points if point["step"]]  # before the first one there is no loss yet
    losses = [(float(p["step"]), float(p["loss"])) for p in steps if _is_number(p.get("loss"))]
    scored = [(float(p["step"]), float(p["calibration"])) for p in points if _is_number(p.get("calibration"))]
    if not losses:
        return None
    x = axis("Step", [at for at, _ in losses + scored], from_zero=True)
    y = axis("Loss per answer token, lower is better", [value for _, value in losses + scored], from_zero=True)
    said = f"The training loss went from {losses[0][1]:.3f} to {losses[-1][1]:.3f} in {losses[-1][0]:.0f} steps."
    if scored:
        best = min(value for _, value in scored)
        said += f" The loss on the calibration documents is {scored[-1][1]:.3f}; the best was {best:.3f}."
    frame = plot("Loss while training", said, x, y)
    lines = [line(frame, "Training", "training", losses)]
    if len(scored) > 1:
        lines.append(line(frame, "Calibration", "calibration", scored))
    dots = [
        Point(at, value, f"Calibration after step {at:.0f}: {value:.3f}", kind="calibration", radius=4)
        for at, value in scored
    ]
    return replace(frame, lines=tuple(lines), marks=marks(frame, dots))


def trade_off(measured: Sequence[Measured]) -> Plot | None:
    """Accuracy against seconds per document; the area of a point is the size of its file."""
    scored = [one for one in measured if one.summary.get("f1") is not None]
    if not scored:
        return None
    longest = max(one.summary["seconds_per_document"] for one in scored)
    x = axis("Seconds per document, less is better", [longest * _ROOM], from_zero=True)
    ends = [end for one in scored for end in one.summary["f1_interval"]]
    y = axis("F1, with interval of 95 %", ends, until=1.0)
    best = max(scored, key=lambda one: one.summary["f1"])
    said = f"{len(scored)} model files. The highest F1 is {best.summary['f1']:.3f}, of {best.role}."
    frame = plot("Accuracy against speed and size", said, x, y)
    largest = max(one.size for one in scored) or 1
    drawn = marks(frame, [_point(one, largest) for one in scored])
    full = next((one for one in scored if one.role == "full precision"), None)
    least = LEAST_KEPT * full.summary["f1"] if full else None
    lines: tuple[Line, ...] = ()
    if least is not None and y.low <= least <= y.high:
        lines = (line(frame, "95 % of full precision", "least", [(x.low, least), (x.high, least)]),)
    return replace(frame, lines=lines, marks=drawn)


def reliability(bins: Sequence[Mapping[str, Any]]) -> Plot | None:
    """How many of the answers of a confidence are right; on the diagonal, confidence means what it says."""
    if not bins:
        return None
    whole = axis("Confidence", [0.0, 1.0])
    n = sum(int(one["n"]) for one in bins)
    said = f"{n} answers in {len(bins)} groups."
    share = replace(whole, name="Share that is right, with interval")
    frame = plot("Confidence against what was right", said, whole, share, width=_NARROW)
    points = [
        Point(
            float(one["confidence"]),
            float(one["right"]),
            f"{one['n']} answers of confidence {one['confidence']:.2f}: {one['right']:.0%} right",
            low=float(one["low"]),
            high=float(one["high"]),
        )
        for one in bins
    ]
    diagonal = line(frame, "As it should be", "least", [(0.0, 0.0), (1.0, 1.0)])
    return replace(frame, lines=(diagonal,), marks=marks(frame, points))


def _point(one: Measured, largest: int) -> Point:
    """In the units of the axes; the area says the size."""
    summary, kind = one.summary, _KINDS.get(one.role, "candidate")
    low, high = summary["f1_interval"]
    seconds, mib = summary["seconds_per_document"], one.size / 2**20
    return Point(
        seconds,
        summary["f1"],
        f"{one.role}: F1 {summary['f1']:.3f} ({low:.3f} to {high:.3f}), {seconds:.2f} s, {mib:.0f} MiB",
        low,
        high,
        label="In force" if one.role == IN_FORCE else one.quantization,
        kind=kind,
        radius=max(_SMALLEST_RADIUS, _LARGEST_RADIUS * math.sqrt(one.size / largest)),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
