"""Base + labels -> adapter and merged weights, by the tuning program; it goes on from its own checkpoint."""

from __future__ import annotations

from collections.abc import Callable

from appliance.retraining.models import RunStep, StepName
from appliance.retraining.runs import leases
from appliance.retraining.runs.children import read_points
from appliance.retraining.runs.folder import read_json
from appliance.retraining.runs.work import Work
from models_store.durable import file_digest

POINTS_AT_MOST = 300
ADAPTER_FILE = "adapter_model.safetensors"


def tune(work: Work) -> None:
    steps = {step.name: step for step in work.open_steps(StepName.TUNE, StepName.MERGE)}
    training, merging = steps.get(StepName.TUNE), steps.get(StepName.MERGE)
    if merging is None:
        return
    if not work.folder.result.is_file():
        if training:
            work.begin(training)
        work.run_program(work.workshop.tuning(work.folder.path), name="tune", on_tick=_curve_of(work, training))
    result = read_json(work.folder.result)
    adapter = file_digest(work.folder.adapter / ADAPTER_FILE)
    if training:
        work.end(training, before=work.run.base_digest, after=adapter, figures={"result": result})
    work.end(merging, before=adapter, after=_merged_digest(work))


def _curve_of(work: Work, step: RunStep | None) -> Callable[[], None]:
    """Brings the points of progress.jsonl into the run's row when there are new ones."""
    known = {"step": -1}

    def look() -> None:
        points = read_points(work.folder.progress, most=POINTS_AT_MOST)
        if not points or points[-1]["step"] == known["step"] or step is None:
            return
        known["step"] = points[-1]["step"]
        with leases.holding(work.claim):
            leases.write(work.claim, points=points, attempt=0)
            step.figures = {
                **step.figures,
                **{key: points[-1].get(key) for key in ("share", "seconds_left", "seconds")},
            }
            step.save(update_fields=["figures"])

    return look


def _merged_digest(work: Work) -> str:
    """Of the weights; of several files, of the first."""
    files = sorted(work.folder.merged.glob("*.safetensors"))
    return file_digest(files[0]) if files else ""
