"""Where a worker finds the tasks of this app; they stand with the packages that they belong to."""

from __future__ import annotations

from appliance.retraining.datasets.tasks import gather_labels
from appliance.retraining.registry.tasks import sweep_model_jobs, work_on_model_job
from appliance.retraining.runs.tasks import begin_scheduled_runs, sweep_runs, work_on_run
from appliance.retraining.serving.tasks import try_out

__all__ = [
    "begin_scheduled_runs",
    "gather_labels",
    "sweep_model_jobs",
    "sweep_runs",
    "try_out",
    "work_on_model_job",
    "work_on_run",
]
