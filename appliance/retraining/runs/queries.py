"""What the pages about runs show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from appliance.document_types.queries import TypeChoice, published_types
from appliance.retraining.datasets.queries import new_documents
from appliance.retraining.models import (
    ImportedLabel,
    Measured,
    Part,
    RunState,
    RunStep,
    Schedule,
    Snapshot,
    StepName,
    TrainingRun,
)
from appliance.retraining.runs import pictures
from appliance.retraining.runs.charts import Plot
from appliance.retraining.runs.estimates import Estimate
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.leases import LIVE
from appliance.retraining.runs.plan import IN_FORCE
from appliance.retraining.runs.schedules import words_of
from appliance.retraining.runs.window import Window
from models_store import store

LISTED = 100


@dataclass(frozen=True, slots=True)
class StepRow:
    """`seconds` it took, or takes so far. `share`: 0..1 of a step that says how far it is."""

    step: RunStep
    seconds: float | None
    share: float | None
    detail: str

    @property
    def took_words(self) -> str:
        return "" if self.seconds is None else in_words(self.seconds)


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    measured: Measured
    kept: float | None
    kept_interval: tuple[float, float] | None

    @property
    def passed(self) -> bool | None:
        return self.measured.verdict["passed"] if self.measured.verdict else None

    @property
    def kept_words(self) -> str:
        """What it keeps of full precision, with the interval, in percent; "" where that is not known."""
        if self.kept is None or self.kept_interval is None:
            return ""
        low, high = self.kept_interval
        return f"{self.kept:.1%} ({low:.0%} to {high:.0%})"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the candidate beside the model in force; `paired` holds n, won, lost, p_worse and p, or {}.
    `is_worse`: beyond chance, by the verdict."""

    name: str
    now: Mapping[str, Any]
    before: Mapping[str, Any]
    paired: Mapping[str, Any]
    is_worse: bool

    @property
    def chance_words(self) -> str:
        """How likely so large a difference would be if both were equally good."""
        return "< 0.001" if self.paired["p"] < 0.001 else f"= {self.paired['p']:.3f}"

    @property
    def is_never_there(self) -> bool:
        """No test document holds it: then only leaving it empty can be right."""
        return bool(self.now["recall"]["n"] == 0)


@dataclass(frozen=True, slots=True)
class RunPage:
    run: TrainingRun
    base_name: str
    steps: tuple[StepRow, ...]
    seconds_left: float | None
    measured: tuple[MeasuredRow, ...]
    chosen: Measured | None
    fields: tuple[FieldRow, ...]
    curve: Plot | None
    trade_off: Plot | None
    reliability: Plot | None
    has_files: bool

    @property
    def is_live(self) -> bool:
        return self.run.state in LIVE

    @property
    def left_words(self) -> str:
        return "" if self.seconds_left is None else in_words(self.seconds_left)

    @property
    def window_words(self) -> str:
        window = self.run.options.get("window")
        return str(Window(**window)) if window else ""

    @property
    def replay_percent(self) -> int:
        return round(self.run.options["replay"] * 100)

    @property
    def shown(self) -> Measured | None:
        """The candidate that the tables are about: the recommended one, else the largest."""
        return self.chosen or next((row.measured for row in self.measured if row.measured.is_candidate), None)

    @property
    def mark(self) -> str:
        """Changes when the page has to be drawn anew as a whole."""
        return f"{self.run.state}-{self.run.stop_asked}-{self.run.version}"


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    snapshot: Snapshot
    train: int
    calibration: int
    test: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type with its snapshots. `new`: documents reviewed, and labels imported, since the newest one."""

    choice: TypeChoice
    new: int
    snapshots: tuple[SnapshotRow, ...]
    schedule: Schedule | None

    @property
    def schedule_words(self) -> str:
        return words_of(self.schedule) if self.schedule else ""


def runs() -> list[TrainingRun]:
    """The newest first."""
    found = TrainingRun.objects.select_related("snapshot__type_version__document_type", "asked_by", "schedule")
    return list(found[:LISTED])


def name_of_model(digest: str) -> str:
    try:
        return store.read_card(digest, root=settings.MODELS_STORE_ROOT).name
    except store.StoreError:
        return f"{digest[:12]}, not in the store any more"


def run_page(run: TrainingRun) -> RunPage:
    now = timezone.now()
    steps = tuple(_step_row(step, now) for step in run.steps.all())
    measured = tuple(_measured_row(one) for one in run.measured.order_by("pk"))
    chosen = next((row.measured for row in measured if row.measured.is_chosen), None)
    shown = chosen or next((row.measured for row in measured if row.measured.is_candidate), None)
    before = next((row.measured for row in measured if row.measured.role == IN_FORCE), None)
    return RunPage(
        run=run,
        base_name=name_of_model(run.base_digest),
        steps=steps,
        seconds_left=_seconds_left(run, steps) if run.state in LIVE else None,
        measured=measured,
        chosen=chosen,
        fields=_field_rows(shown, before) if shown else (),
        curve=pictures.curve(run.points),
        trade_off=pictures.trade_off([row.measured for row in measured]),
        reliability=pictures.reliability(_bins(shown)),
        has_files=RunFolder.of(run.pk).exists,
    )


def type_rows() -> list[TypeRow]:
    """Types in use with what there is to train on, those with something new first."""
    schedules = {schedule.document_type_id: schedule for schedule in Schedule.objects.all()}
    rows = [_type_row(choice, schedules.get(choice.id)) for choice in published_types()]
    return sorted(rows, key=lambda row: (not row.snapshots, -row.new))


def snapshot_row(snapshot: Snapshot) -> SnapshotRow:
    here = Q(entries__withdrawn_at=None)
    counted = Snapshot.objects.filter(pk=snapshot.pk).aggregate(
        **{part.value: Count("entries", filter=here & Q(entries__part=part)) for part in Part},
        withdrawn=Count("entries", filter=~here & Q(entries__isnull=False)),
    )
    return SnapshotRow(snapshot, **counted)


def _type_row(choice: TypeChoice, schedule: Schedule | None) -> TypeRow:
    found = Snapshot.objects.filter(type_version__document_type_id=choice.id).select_related("type_version")
    newest = list(found.order_by("-made_at")[:5])
    since = newest[0].made_at if newest else None
    new = new_documents(choice.version.document_type, since) + _imported(choice, since)
    return TypeRow(choice, new, tuple(snapshot_row(snapshot) for snapshot in newest), schedule)


def _imported(choice: TypeChoice, since: datetime | None) -> int:
    found = ImportedLabel.objects.filter(document_type_id=choice.id)
    return (found.filter(imported_at__gt=since) if since else found).count()


def _step_row(step: RunStep, now: datetime) -> StepRow:
    figures, share = step.figures, step.figures.get("share")
    if share is None and figures.get("of"):
        share = figures["done"] / figures["of"]
    took = (step.finished_at or now) - step.started_at if step.started_at else None
    is_told = step.state in {RunState.RUNNING, RunState.DONE, RunState.FAILED}
    return StepRow(
        step,
        took.total_seconds() if took is not None and is_told else None,
        share if step.state == RunState.RUNNING else None,
        _detail(step),
    )


def _detail(step: RunStep) -> str:
    figures = step.figures
    if step.name == StepName.PREPARE and "train" in figures:
        return f"{figures['train']} to train on, {figures['calibration']} to calibrate, {figures['test']} to test"
    if step.name == StepName.TEACH and "labelled" in figures:
        return f"{figures['labelled']} of {figures['documents']} documents labelled"
    if step.name == StepName.EVALUATE and step.state == RunState.RUNNING and figures.get("of"):
        which = "made-up documents" if figures.get("set") == "factory" else "test documents"
        return f"{figures['done']} of {figures['of']} {which}"
    if step.name == StepName.EVALUATE:
        return figures.get("left_out", "")
    return ""


def _seconds_left(run: TrainingRun, steps: tuple[StepRow, ...]) -> float | None:
    """What running steps say themselves, and the estimate for those that wait."""
    minutes = run.estimate
    if not minutes:
        return None
    exams = sum(row.step.name == StepName.EVALUATE for row in steps) or 1
    files = sum(row.step.name in {StepName.CONVERT, StepName.QUANTIZE} for row in steps) or 1
    expected = {
        StepName.TUNE: minutes["tune_minutes"],
        StepName.EVALUATE: minutes["measure_minutes"] / exams,
        StepName.CONVERT: minutes["convert_minutes"] / files,
        StepName.QUANTIZE: minutes["convert_minutes"] / files,
    }
    left = 0.0
    for row in steps:
        if row.step.state in {RunState.WAITING, RunState.RUNNING}:
            said = row.step.figures.get("seconds_left") if row.step.state == RunState.RUNNING else None
            left += said if said is not None else expected.get(StepName(row.step.name), 0.0) * 60
    return left


def _measured_row(measured: Measured) -> MeasuredRow:
    kept = (measured.verdict or {}).get("retention")
    return MeasuredRow(measured, kept["value"] if kept else None, tuple(kept["interval"]) if kept else None)


def _field_rows(shown: Measured, before: Measured | None) -> tuple[FieldRow, ...]:
    verdict = shown.verdict or {}
    paired = (verdict.get("compared") or {}).get("fields", {})
    worse = {reason["figures"]["field"] for reason in verdict.get("reasons", ()) if reason["code"] == "field_worse"}
    others = before.summary["fields"] if before else {}
    return tuple(
        FieldRow(name, now, others.get(name, {}), paired.get(name, {}), name in worse)
        for name, now in shown.summary["fields"].items()
    )


def _bins(shown: Measured | None) -> list[Mapping[str, Any]]:
    return shown.summary.get("calibration", {}).get("bins", []) if shown else []


def in_words(seconds: float) -> str:
    """A length of time, to the minute where it is long."""
    whole = timedelta(seconds=round(seconds))
    if seconds < 60:
        return f"{round(seconds)} s"
    minutes = round(whole.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"


def minutes_in_words(estimate: Estimate | None) -> dict[str, str]:
    """Of each part of a run and of all together."""
    if estimate is None:
        return {}
    parts = {"tune": estimate.tune_minutes, "convert": estimate.convert_minutes, "measure": estimate.measure_minutes}
    return {name: in_words(minutes * 60) for name, minutes in {**parts, "all": estimate.minutes}.items()}
