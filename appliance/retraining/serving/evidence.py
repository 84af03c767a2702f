"""What a decision about a model stands on: its verdict with reasons, its figures beside those of the one in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appliance.retraining.models import Measured
from appliance.retraining.serving.shadow_figures import ShadowFigures, newest_figures
from appliance.retraining.serving.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of one model as text; empty where it was not measured."""

    value: str = ""
    interval: str = ""
    n: int = 0


@dataclass(frozen=True, slots=True)
class FigureRow:
    """`wanted` is the model that is decided about, `in_force` the one it would replace, on the same documents."""

    name: str
    wanted: Figure
    in_force: Figure


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing the gate looked at."""

    sentence: str
    passed: bool


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """`documents`: how many frozen test documents the figures stand on. `shadow`: None where it was never tried out."""

    standing: Standing
    measured_at: datetime | None = None
    documents: int = 0
    is_small: bool = False
    reasons: tuple[Reason, ...] = ()
    rows: tuple[FigureRow, ...] = ()
    run_id: int | None = None
    shadow: ShadowFigures | None = None

    @property
    def may_be_asked_for(self) -> bool:
        return self.standing.may_be_asked_for


def evidence_on(digest: str, *, in_force: str) -> EvidenceShown:
    """The newest measurement with a verdict, else the newest one; beside it `in_force` on the same test documents."""
    standing, shadow = standing_of(digest), newest_figures(digest)
    found = Measured.objects.filter(model_digest=digest)
    measured = found.filter(verdict__isnull=False).last() or found.last()
    if measured is None:
        return EvidenceShown(standing, shadow=shadow)
    beside = Measured.objects.filter(model_digest=in_force, snapshot=measured.snapshot_id).last()
    return EvidenceShown(
        standing=standing,
        measured_at=measured.measured_at,
        documents=int(measured.summary.get("n", 0)),
        is_small=bool(measured.summary.get("is_small")),
        reasons=_reasons(measured.verdict or {}),
        rows=tuple(_rows(measured.summary, beside.summary if beside else {})),
        run_id=measured.run_id,
        shadow=shadow,
    )


def _reasons(verdict: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What failed comes first."""
    reasons = [Reason(str(one["sentence"]), one["passed"] is True) for one in verdict.get("reasons", ())]
    return tuple(sorted(reasons, key=lambda reason: reason.passed))


def _rows(wanted: Mapping[str, Any], in_force: Mapping[str, Any]) -> list[FigureRow]:
    names = list(wanted.get("fields", {}))
    rows = [FigureRow("All fields, F1", _f1(wanted), _f1(in_force))]
    rows += [FigureRow(f"{name}, F1", _f1(_field(wanted, name)), _f1(_field(in_force, name))) for name in names]
    rows += [
        FigureRow("Left empty where it must be", _share(wanted.get("nulls")), _share(in_force.get("nulls"))),
        FigureRow("Calibration error (0 is best)", _ece(wanted), _ece(in_force)),
        FigureRow("Documents an hour", _plain(wanted, "documents_per_hour"), _plain(in_force, "documents_per_hour")),
    ]
    return [row for row in rows if row.wanted.value or row.in_force.value]


def _field(summary: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = summary.get("fields", {}).get(name, {})
    return found


def _f1(scores: Mapping[str, Any]) -> Figure:
    """`n`: values that the documents hold, by their labels."""
    if scores.get("f1") is None:
        return Figure()
    labelled = int(scores.get("right", 0)) + int(scores.get("missed", 0))
    return Figure(f"{scores['f1']:.3f}", _interval(scores.get("f1_interval")), labelled)


def _share(share: Mapping[str, Any] | None) -> Figure:
    if not share or share.get("value") is None:
        return Figure()
    return Figure(f"{share['value']:.3f}", _interval(share.get("interval")), int(share.get("n", 0)))


def _ece(summary: Mapping[str, Any]) -> Figure:
    calibration = summary.get("calibration") or {}
    return Figure() if calibration.get("ece") is None else Figure(f"{calibration['ece']:.3f}", "", calibration["n"])


def _plain(summary: Mapping[str, Any], name: str) -> Figure:
    return Figure() if summary.get(name) is None else Figure(f"{summary[name]:,}")


def _interval(ends: Any) -> str:
    return f"{ends[0]:.3f} to {ends[1]:.3f}" if ends else ""
