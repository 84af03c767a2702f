"""How long a run takes and what it needs, said before it begins: from runs of this box where there were any."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.db.models.functions import Length

from appliance.documents.models import Page
from appliance.retraining.models import Measured, Part, RunState, Snapshot, SnapshotEntry, StepName, TrainingRun
from appliance.retraining.runs.errors import MemoryTooSmall, NotTrainable
from appliance.retraining.runs.folder import in_gib
from appliance.retraining.runs.options import ADAPTER, FULL_PRECISION, Options
from appliance.retraining.runs.tuning_settings import lora_settings
from models_store.card import ModelCard
from models_store.tuning.estimate import Base, estimate, speed
from models_store.weights import weights_folder

TOKENS_PER_WORD = 2.5
_CHARACTERS_PER_WORD = 6
_FACTORY_DOCUMENTS, _FACTORY_WORDS = 84, 90
_READING_SHARE = 0.3
"""Of the measured speed, what reading a document gets out of the box; each question reads it anew."""
_BITS = {"F16": 16, "Q8_0": 8.5, "Q6_K": 6.6, "Q5_K_M": 5.7, "Q4_K_M": 4.9, "Q4_0": 4.6, "Q3_K_M": 3.9, "Q2_K": 3.0}
"""Of one weight in a file."""
_BYTES_CONVERTED = 1e8
"""A second, with the digests that are taken on the way."""


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


def estimate_of(snapshot: Snapshot, card: ModelCard, options: Options) -> Estimate:
    """Raises NotTrainable where the weights cannot be read."""
    base, tuned_with = _base(card), lora_settings(options, card)
    tokens = _tokens(snapshot, Part.TRAIN)
    threads = settings.TRAINING_THREADS
    tuning = estimate(base, tuned_with, tokens=tokens, replay=options.replay, threads=threads)
    files = {name: base.parameters * _BITS[name] / 8 for name in options.files}
    merged = base.parameters * (2 if base.halved else 4)
    return Estimate(
        tune_minutes=round(tuning.minutes * _correction(card), 1),
        convert_minutes=round(0.3 + (merged + sum(files.values())) / _BYTES_CONVERTED / 60, 1),
        measure_minutes=round(_seconds_of_exams(snapshot, card, base, options) / 60, 1),
        memory_bytes=tuning.memory_bytes,
        # The files lie in the folder of the run and, at its end, in the store; so do the merged weights.
        disk_bytes=int(2 * (merged + sum(files.values())) + files[FULL_PRECISION]),
    )


def _base(card: ModelCard) -> Base:
    try:
        return Base.of(weights_folder(card.weights, settings.MODELS_STORE_ROOT))
    except (OSError, ValueError, KeyError) as error:
        raise NotTrainable(str(error)) from error


def _tokens(snapshot: Snapshot, part: Part) -> int:
    """Of all documents of the part, about: by the words of stored pages, and by the length of imported texts."""
    entries = snapshot.entries.filter(part=part, withdrawn_at=None)
    characters = entries.aggregate(n=Sum(Length("text")))["n"] or 0  # of encrypted bytes: near enough
    return int(TOKENS_PER_WORD * (_words_on_pages(entries) + characters / _CHARACTERS_PER_WORD))


def _words_on_pages(entries: QuerySet[SnapshotEntry]) -> int:
    pages = Page.objects.filter(document_id__in=entries.exclude(document_id=None).values("document_id"))
    return pages.aggregate(n=Sum("word_count"))["n"] or 0


def _correction(card: ModelCard) -> float:
    """How much longer the newest finished run of this base on this box took than was said before it."""
    run = TrainingRun.objects.filter(base_digest=card.digest, state=RunState.DONE).order_by("-finished_at").first()
    step = run.steps.filter(name=StepName.TUNE).first() if run else None
    took = step.figures.get("result", {}).get("minutes") if step else None
    said = run.estimate.get("tune_minutes") if run else None
    return min(max(took / said, 0.1), 10.0) if took and said else 1.0


def _seconds_of_exams(snapshot: Snapshot, card: ModelCard, base: Base, options: Options) -> float:
    """The test part for every file and the model in force; the made-up set for those that may be put in force."""
    documents = snapshot.entries.filter(part=Part.TEST, withdrawn_at=None).count()
    last = Measured.objects.filter(model_digest=card.digest).order_by("-measured_at").first()
    per_second = speed() * settings.TRAINING_THREADS * _READING_SHARE / (2 * base.parameters)
    test = _tokens(snapshot, Part.TEST) / per_second
    factory = _FACTORY_DOCUMENTS * _FACTORY_WORDS * TOKENS_PER_WORD / per_second
    if last is not None:
        test = documents * last.summary["seconds_per_document"]
        factory = _FACTORY_DOCUMENTS * last.factory_summary.get("seconds_per_document", test / max(documents, 1))
    remembering = [name for name in options.quantizations if name != ADAPTER]
    return test * (len(options.measured) + 1) + factory * (len(remembering) + 1)
