"""Snapshot -> label files, and the request that the tuning program reads."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings

from appliance.retraining.datasets.files import write_part
from appliance.retraining.models import Part, StepName
from appliance.retraining.runs import bases
from appliance.retraining.runs.errors import DiskTooFull, NothingToTestOn, NothingToTrainOn
from appliance.retraining.runs.estimates import Estimate
from appliance.retraining.runs.folder import free_bytes, in_gib, write_json
from appliance.retraining.runs.tuning_settings import lora_settings
from appliance.retraining.runs.work import Work
from models_store.convert import find_converter
from models_store.shelf import CARD
from models_store.weights import weights_path


def prepare(work: Work) -> None:
    """Raises NotTrainable, DiskTooFull, ConverterMissing, NothingToTrainOn or NothingToTestOn."""
    for step in work.open_steps(StepName.PREPARE):
        work.begin(step)
        # Before the long part: where there is no room or no converter, nothing is lost.
        _check_disk(work)
        find_converter(settings.CONVERTER_DIR)
        work.folder.make()
        counts = {part.value: write_part(work.run.snapshot, part, work.folder.labels(part)) for part in Part}
        if not counts[Part.TRAIN]:
            raise NothingToTrainOn
        if not counts[Part.TEST]:
            raise NothingToTestOn
        spec = work.run.snapshot.type_version.spec
        write_json(work.folder.document_type, spec.model_dump(mode="json"))
        write_json(work.folder.path / "request.json", _request(work))
        work.end(step, before=work.run.snapshot.digest, figures=counts)


def _request(work: Work) -> dict[str, Any]:
    root = settings.MODELS_STORE_ROOT
    base = bases.trainable(work.run.base_digest)
    return {
        "base": str(weights_path(base.weights, root=root)),
        "card": str(root / base.digest / CARD),
        "settings": asdict(lora_settings(work.options, base)),
        "replay": work.options.replay,
        "threads": settings.TRAINING_THREADS,
    }


def _check_disk(work: Work) -> None:
    needed, free = Estimate.from_json(work.run.estimate).disk_bytes, free_bytes()
    if needed > free:
        raise DiskTooFull(f"{in_gib(needed)} are needed, {in_gib(free)} are free")
