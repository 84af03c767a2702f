"""How long a run takes and what it needs, said before it begins: from runs of this box where there were any."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from appliance.retraining.models import Measured, Part, RunState, Snapshot, StepName, TrainingRun
from appliance.retraining.runs.errors import MemoryTooSmall
from appliance.retraining.runs.folder import in_gib
from appliance.retraining.runs.options import Options
from models_store.card import ModelCard
from models_store.weights import weights_folder

TOKENS_PER_DOCUMENT = 900
"""With the prompt. Where earlier runs on this box counted theirs, those count."""
OPERATIONS_PER_SECOND = 1.5e10
"""Of one thread in training; measured on an ordinary server of 2023. Earlier runs on this box say it better."""
FACTORY_DOCUMENTS = 90
_TRAINING, _READING = 6, 2
"""Operations per parameter and token."""
_SHARES = {
    "F16": 0.5,
    "Q8_0": 0.27,
    "Q6_K": 0.21,
    "Q5_K_M": 0.18,
    "Q4_K_M": 0.15,
    "Q4_0": 0.14,
    "Q3_K_M": 0.12,
    "Q2_K": 0.1,
}
"""Of the size of the weights in 32 bits."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Minutes of each part, and bytes."""

    tune_minutes: float
    convert_minutes: float
    measure_minutes: float
    memory_bytes: int
    disk_bytes: int

    @property
    def minutes(self) -> float:
        return self.tune_minutes + self.convert_minutes + self.measure_minutes

    @property
    def fits(self) -> bool:
        bound: int = settings.TRAINING_MEMORY_BYTES
        return not bound or self.memory_bytes <= bound

    def check_memory(self) -> None:
        """Raises MemoryTooSmall."""
        if not self.fits:
            raise MemoryTooSmall(f"about {in_gib(self.memory_bytes)}")

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"minutes": self.minutes}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Estimate:
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__})


def estimate_of(snapshot: Snapshot, base: ModelCard, options: Options) -> Estimate:
    entries = snapshot.entries.filter(withdrawn_at=None)
    train = entries.filter(part=Part.TRAIN).count() / max(1e-9, 1 - options.replay)
    test = entries.filter(part=Part.TEST).count()
    size = weight_bytes(base)
    speed = settings.TRAINING_THREADS * OPERATIONS_PER_SECOND / max(base.parameters, 1)
    tokens = train * TOKENS_PER_DOCUMENT * options.epochs
    tune = tokens / (_tokens_per_second(base) or speed / _TRAINING) / 60
    reading = _seconds_per_document(base) or TOKENS_PER_DOCUMENT / (speed / _READING)
    exams = len(options.files) + 1
    documents = exams * test + (len(options.quantizations) + 1) * FACTORY_DOCUMENTS
    return Estimate(
        tune_minutes=round(min(tune, options.minutes) if options.minutes else tune, 1),
        convert_minutes=round((0.2 + size / 4e9) * (len(options.files) + 1), 1),
        measure_minutes=round(documents * reading / 60, 1),
        memory_bytes=int(size * 1.6 + 1.5e9),
        disk_bytes=int(size * (2.2 + sum(_SHARES[name] for name in options.files) * 2)),
    )


def weight_bytes(base: ModelCard) -> int:
    """Of the trainable weights as 32-bit numbers, as training holds them."""
    folder = weights_folder(base.weights, settings.MODELS_STORE_ROOT)
    stored = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    return max(stored, base.parameters * 4)


def _tokens_per_second(base: ModelCard) -> float | None:
    """Of the newest run of this base on this box."""
    run = TrainingRun.objects.filter(base_digest=base.digest, state=RunState.DONE).order_by("-finished_at").first()
    step = run.steps.filter(name=StepName.TUNE).first() if run else None
    result = step.figures.get("result", {}) if step else {}
    minutes, tokens = result.get("minutes"), result.get("tokens")
    return tokens / (minutes * 60) if minutes and tokens else None


def _seconds_per_document(base: ModelCard) -> float | None:
    """As this base was measured last."""
    measured = Measured.objects.filter(model_digest=base.digest).order_by("-measured_at").first()
    return measured.summary.get("seconds_per_document") if measured else None
