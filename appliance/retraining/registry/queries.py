"""What the pages of the registry show: disk use, work on models, what is measured."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from appliance.retraining.models import RunState, TrainingRun
from appliance.retraining.registry.jobs import LIVE
from appliance.retraining.registry.models import JobKind, ModelJob
from models_store import store

RECENT = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the bar of the disk. `start` and `width` in hundredths of the whole bar."""

    label: str
    kind: str
    bytes: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the volume that the store lies on."""

    parts: tuple[Part, ...]
    models: int
    weights: int
    free: int

    @property
    def is_low(self) -> bool:
        """Not even room for one more of all that is kept."""
        return self.free < self.models + self.weights


@dataclass(frozen=True, slots=True)
class Work:
    """All that goes on, and the last that ended."""

    jobs: tuple[ModelJob, ...]
    is_live: bool


def disk() -> Disk | None:
    """None where the store cannot be read."""
    try:
        use = store.disk_use(settings.MODELS_STORE_ROOT)
    except (store.StoreError, OSError):
        return None
    models, weights = sum(use.models.values()), sum(use.weights.values())
    sizes = (("Models", "models", models), ("Weights to train on", "weights", weights), ("Free", "free", use.free))
    whole, start, parts = models + weights + use.free or 1, 0.0, []
    for label, kind, size in sizes:
        width = 100 * size / whole
        parts.append(Part(label, kind, size, round(start, 3), round(width, 3)))
        start += width
    return Disk(tuple(parts), models, weights, use.free)


def work_shown() -> Work:
    live = tuple(_jobs().filter(state__in=LIVE))
    return Work((*live, *_jobs().exclude(state__in=LIVE)[:RECENT]), is_live=bool(live))


def bytes_of(digest: str) -> int:
    """What a model takes by itself; 0 where nobody can tell."""
    try:
        return store.disk_use(settings.MODELS_STORE_ROOT).models.get(digest, 0)
    except (store.StoreError, OSError):
        return 0


def work_on(digest: str) -> list[ModelJob]:
    return list(_jobs().filter(subject=digest)[:RECENT])


def job_or_none(pk: int) -> ModelJob | None:
    return _jobs().filter(pk=pk).first()


def training_now() -> TrainingRun | None:
    """The training that long work has to wait for."""
    return TrainingRun.objects.filter(state=RunState.RUNNING).first()


def checks_of_media() -> dict[str, ModelJob]:
    """What was checked, by the name on the medium; the newest check of each."""
    found = ModelJob.objects.filter(kind=JobKind.CHECK, options__upload="").order_by("pk")
    return {job.subject: job for job in found}


def _jobs() -> QuerySet[ModelJob]:
    return ModelJob.objects.select_related("asked_by").order_by("-pk")
