"""One training from labels to an adapter beside its base: the stages stand here in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from pydantic import JsonValue

from extraction.labels import Label
from extraction.schema import DocumentTypeSpec
from models_store.card import ModelCard
from models_store.starter.factory.pools import Pools
from models_store.tuning.dataset import Dataset, Mixture, encoded, make_dataset
from models_store.tuning.lora import Training, Watch
from models_store.tuning.progress import Figures
from models_store.tuning.ruler import Ruler
from models_store.tuning.settings import LoraSettings


@dataclass(frozen=True, slots=True)
class Job:
    """`base`: folder of trainable weights; `card`: the file of its card; `calibration`: may be empty; `pools`: what
    made-up documents are written with, `replay` their share of all examples; `work`: folder for checkpoints."""

    base: Path
    card: Path
    train: Sequence[Label]
    calibration: Sequence[Label]
    document_type: DocumentTypeSpec
    settings: LoraSettings
    pools: Pools
    replay: float
    work: Path


@dataclass(frozen=True, slots=True)
class Trained:
    """`model`: a PEFT model in its best state. `facts`: figures and settings of the run. `dataset`: its digest."""

    model: Any
    card: ModelCard
    facts: dict[str, JsonValue]
    dataset: str


def train(job: Job, watch: Watch) -> Trained:
    """Goes on where a killed run of the same job stood.

    Raises LabelsError, SchemaError, ModelUnavailable, TuningError, OSError, or Stopped.
    """
    card = ModelCard.model_validate_json(job.card.read_bytes())
    ruler = Ruler.of(job.base, job.card)
    shown = make_dataset(job.train, job.document_type, ruler)
    held = make_dataset(job.calibration, job.document_type, ruler) if job.calibration else None
    training = Training(
        job.base,
        job.settings,
        examples=Mixture(shown, ruler, job.pools, job.replay, job.settings.seed).epoch,
        work=job.work,
        run=f"{card.digest} {shown.digest} {held.digest if held else ''} {job.replay}",
    )
    examples = encoded(zip(held.samples, held.weights, strict=True), ruler) if held else ()
    figures = training.run(examples, watch)
    return Trained(training.model, card, _facts(job, shown, held, figures), shown.digest)


def _facts(job: Job, shown: Dataset, held: Dataset | None, figures: Figures) -> dict[str, JsonValue]:
    """The losses are means of the first and of the last tenth of the steps; `coverage`: of the labelled values of a
    field, how many stand on their page and how many there are."""
    tenth = max(1, len(figures.losses) // 10)
    return {
        "n_train": shown.documents,
        "n_calibration": held.documents if held else 0,
        "coverage": {path: [part.anchored, part.values] for path, part in shown.coverage.items()},
        "steps": figures.step,
        "best_step": figures.best if held else figures.step,
        "tokens": figures.tokens,
        "minutes": round(figures.seconds / 60, 2),
        "loss_first": round(mean(figures.losses[:tenth]), 4),
        "loss_last": round(mean(figures.losses[-tenth:]), 4),
        "calibration": [round(score, 4) for score in figures.calibration],
        "replay": job.replay,
        "settings": asdict(job.settings),
    }
