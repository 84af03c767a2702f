"""One tuning by hand: from labels to a folder with the quantized model and its card, a base for the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from extraction.labels import Label
from extraction.schema import DocumentTypeSpec
from models_store.convert import fetch_converter
from models_store.starter.factory.pools import load_pools
from models_store.store import CARD
from models_store.tuning.checkpoint import FOLDER, drop_checkpoints
from models_store.tuning.job import Job, train
from models_store.tuning.lora import Watch
from models_store.tuning.merge import ADAPTER, write_card, write_gguf, write_merged
from models_store.tuning.progress import Progress
from models_store.tuning.settings import LoraSettings
from models_store.tuning.split import by_field, split

CALIBRATION_SHARE = 0.1
LEAST_CALIBRATION = 4
"""Fewer documents say nothing; then all of them are trained on."""


@dataclass(frozen=True, slots=True)
class Request:
    """`base` and `out`: folders as `merge.py` writes them. `group`: the field that names a document's sender.
    `converter`: where llama.cpp's converter is, or is put."""

    labels: Sequence[Label]
    document_type: DocumentTypeSpec
    base: Path
    out: Path
    converter: Path
    settings: LoraSettings = field(default_factory=LoraSettings)
    replay: float = 0.2
    group: str = ""


def tune(request: Request, *, on_progress: Callable[[Progress], None] = lambda progress: None) -> dict[str, JsonValue]:
    """Makes the tuned model in `request.out` and returns the figures of the run.

    Raises LabelsError, SchemaError, ModelUnavailable, TuningError, OSError or ConversionFailed.
    """
    request.out.mkdir(parents=True, exist_ok=True)
    # Before the long part: where it cannot be had, nothing is lost.
    request.converter.mkdir(parents=True, exist_ok=True)
    converter = fetch_converter(request.converter)
    kept, held = _parts(request)
    job = Job(
        base=request.base,
        card=request.base / CARD,
        train=kept,
        calibration=held,
        document_type=request.document_type,
        settings=request.settings,
        pools=load_pools(),
        replay=request.replay,
        work=request.out,
    )
    trained = train(job, Watch(on_progress))
    write_merged(trained.model, request.base, request.out, adapter=request.out / ADAPTER)
    write_gguf(request.out, converter, name=_name(request))
    card = write_card(request.out, trained.card, trained.facts, name=_name(request), dataset=trained.dataset)
    drop_checkpoints(request.out / FOLDER)
    return {**trained.facts, "digest": card.digest}


def _parts(request: Request) -> tuple[list[Label], list[Label]]:
    """What is trained on, and what the run is calibrated on."""

    def group_of(label: Label) -> str:
        return by_field(request.group)(label) if request.group else label.sender or label.id

    kept, held = split(request.labels, group_of, share=CALIBRATION_SHARE, seed=request.settings.seed)
    return (kept, held) if len(held) >= LEAST_CALIBRATION else (list(request.labels), [])


def _name(request: Request) -> str:
    """Of the tuned model: what it reads, and what sets it apart."""
    ids = "".join(label.id for label in request.labels)
    return f"strongroom-{request.document_type.name}-{hashlib.sha256(ids.encode()).hexdigest()[:8]}"
