"""Merged weights -> a GGUF at full precision, its quantizations, and the adapter by itself. One program, many steps."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from appliance.retraining.models import Part, StepName
from appliance.retraining.runs import bases
from appliance.retraining.runs.options import ADAPTER, FULL_PRECISION
from appliance.retraining.runs.work import Work
from appliance.retraining.runs.workshop import Conversion
from models_store.durable import file_digest
from models_store.weights import weights_path


def convert(work: Work) -> None:
    _convert_files(work)
    _convert_adapter(work)


def name_of(work: Work) -> str:
    """Of the models of this run, without their quantization."""
    return f"{work.document_type}-run-{work.run.pk}"


def _convert_files(work: Work) -> None:
    open_steps = {step.subject: step for step in work.open_steps(StepName.CONVERT, StepName.QUANTIZE)}
    open_steps.pop(ADAPTER, None)
    if not open_steps:
        return
    conversion = Conversion(
        merged=work.folder.merged,
        out=work.folder.gguf,
        name=name_of(work),
        quantizations=work.options.files,
        importance=work.folder.labels(Part.TRAIN) if work.options.importance else None,
    )
    first = next(iter(open_steps.values()))
    work.begin(first)
    ended: set[str] = set()

    def tell(line: dict[str, Any]) -> None:
        step = open_steps.get(_subject(line))
        if step is not None and line.get("after"):
            work.end(step, before=str(line.get("before", ""))[:64], after=line["after"], figures=_figures(line))
            ended.add(step.subject)

    work.run_program(work.workshop.converting(conversion), name="convert", on_line=tell)
    for subject, step in open_steps.items():
        if subject not in ended:  # it was there before a failure, or the line was lost: the file itself counts
            file = work.folder.model(subject)
            work.end(step, after=file_digest(file), figures={"bytes": file.stat().st_size})


def _convert_adapter(work: Work) -> None:
    for step in [step for step in work.open_steps(StepName.CONVERT) if step.subject == ADAPTER]:
        work.begin(step)
        base = weights_path(bases.trainable(work.run.base_digest).weights, root=settings.MODELS_STORE_ROOT)
        out = work.folder.model(ADAPTER)
        work.run_program(work.workshop.converting_adapter(work.folder.adapter, base, out), name="adapter")
        work.end(step, after=file_digest(out), figures={"bytes": out.stat().st_size})


def _subject(line: dict[str, Any]) -> str:
    return FULL_PRECISION if line.get("step") == "convert" else str(line.get("quantization", ""))


def _figures(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key not in {"step", "quantization", "before", "after"}}
