"""One tuning from labels to the files that ship. The stages stand here in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean

from pydantic import JsonValue

from extraction.labels import Label
from extraction.schema import DocumentTypeSpec
from models_store.card import ModelCard
from models_store.convert import fetch_converter
from models_store.starter.factory.pools import load_pools
from models_store.starter.tokenizer import load_tokenizer
from models_store.store import CARD
from models_store.tuning.checkpoint import drop_checkpoint
from models_store.tuning.dataset import Dataset, Mixture, encoded, make_dataset
from models_store.tuning.lora import Figures, LoraSettings, Progress, Training
from models_store.tuning.merge import write_card, write_gguf, write_merged
from models_store.tuning.ruler import Ruler
from models_store.tuning.split import by_field, split

CALIBRATION_SHARE = 0.1
LEAST_CALIBRATION = 4
"""Fewer documents say nothing; then all of them are trained on."""


@dataclass(frozen=True, slots=True)
class Request:
    """`base` and `out`: folders as `merge.py` writes them. `group`: the field that names a document's sender. `pools`
    and `converter`: where the names of made-up documents and llama.cpp's converter are, or are put."""

    labels: Sequence[Label]
    document_type: DocumentTypeSpec
    base: Path
    out: Path
    pools: Path
    converter: Path
    settings: LoraSettings = field(default_factory=LoraSettings)
    replay: float = 0.2
    group: str = ""


def tune(
    request: Request,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_remark: Callable[[str], None] = lambda line: None,
) -> dict[str, JsonValue]:
    """Makes the tuned model in `request.out` and returns the figures of the run.

    Raises LabelsError, SchemaError, OSError or ConversionFailed.
    """
    request.out.mkdir(parents=True, exist_ok=True)
    card = ModelCard.model_validate_json((request.base / CARD).read_bytes())
    # Before the long part: where it cannot be had, nothing is lost.
    converter = _converter(request.converter)
    ruler = Ruler(load_tokenizer(request.base / "tokenizer.model"), card.context_tokens)
    train, calibration = _parts(request, ruler)
    on_remark(_told(train, calibration))
    mixture = Mixture(train, ruler, load_pools(request.pools), request.replay, request.settings.seed)
    training = Training(
        request.base,
        request.settings,
        examples=mixture.epoch,
        work=request.out,
        run=f"{card.digest} {train.digest} {request.replay}",
    )
    ran = training.run(encoded(calibration.samples, ruler) if calibration else (), on_progress)
    write_merged(training.model, request.base, request.out)
    write_gguf(request.out, converter, name=_name(request))
    figures = _figures(train, ran)
    facts = {**figures, "settings": asdict(request.settings), "replay": request.replay}
    made = write_card(request.out, card, facts, name=_name(request), dataset=train.digest)
    drop_checkpoint(request.out)
    return {**figures, "digest": made.digest}


def _parts(request: Request, ruler: Ruler) -> tuple[Dataset, Dataset | None]:
    """What is trained on, and what the run is calibrated on."""

    def group_of(label: Label) -> str:
        return by_field(request.group)(label) if request.group else label.id

    kept, held = split(request.labels, group_of, share=CALIBRATION_SHARE, seed=request.settings.seed)
    if len(held) < LEAST_CALIBRATION:
        kept, held = list(request.labels), []
    return (
        make_dataset(kept, request.document_type, ruler),
        make_dataset(held, request.document_type, ruler) if held else None,
    )


def _told(train: Dataset, calibration: Dataset | None) -> str:
    held = calibration.documents if calibration else 0
    found = ", ".join(f"{name} {part.anchored}/{part.values}" for name, part in train.coverage.items())
    return f"{train.documents} documents to train on, {held} to calibrate; values found: {found}"


def _figures(train: Dataset, ran: Figures) -> dict[str, JsonValue]:
    """The losses are means of the first and of the last tenth of the steps."""
    tenth = max(1, len(ran.losses) // 10)
    return {
        "n_train": train.documents,
        "tokens": ran.tokens,
        "minutes": round(ran.seconds / 60, 2),
        "loss_first": round(mean(ran.losses[:tenth]), 4),
        "loss_last": round(mean(ran.losses[-tenth:]), 4),
        "calibration": [round(score, 4) for score in ran.calibration],
    }


def _converter(cache: Path) -> Path:
    cache.mkdir(parents=True, exist_ok=True)
    return fetch_converter(cache)


def _name(request: Request) -> str:
    """Of the tuned model: what it reads, and what sets it apart."""
    ids = "".join(label.id for label in request.labels)
    return f"strongroom-{request.document_type.name}-{hashlib.sha256(ids.encode()).hexdigest()[:8]}"
