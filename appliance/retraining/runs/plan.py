"""The steps of a run, in order, as rows that the page shows and the worker ticks off."""

from __future__ import annotations

from appliance.retraining.models import RunStep, StepName, TrainingRun
from appliance.retraining.runs.options import ADAPTER, FULL_PRECISION, Options

IN_FORCE = "in force"


def steps_of(options: Options, *, has_model_in_force: bool) -> list[tuple[StepName, str]]:
    """(name, subject) of each step. Everything made is measured, full precision and the model in force as well."""
    quantized = [name for name in options.files if name != FULL_PRECISION]
    measured = [*([IN_FORCE] if has_model_in_force else []), *options.measured]
    return [
        (StepName.PREPARE, ""),
        *([(StepName.TEACH, "")] if options.teacher else []),
        (StepName.TUNE, ""),
        (StepName.MERGE, ""),
        (StepName.CONVERT, FULL_PRECISION),
        *((StepName.QUANTIZE, name) for name in quantized),
        (StepName.CONVERT, ADAPTER),
        *((StepName.EVALUATE, subject) for subject in measured),
        (StepName.JUDGE, ""),
        (StepName.KEEP, ""),
    ]


def plan(run: TrainingRun, options: Options, *, has_model_in_force: bool) -> None:
    """Writes the rows of a new run."""
    steps = steps_of(options, has_model_in_force=has_model_in_force)
    RunStep.objects.bulk_create(
        RunStep(run=run, position=position, name=name, subject=subject)
        for position, (name, subject) in enumerate(steps)
    )
