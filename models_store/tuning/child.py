"""One training in a folder, for a parent that watches it.

request.json, type.json, train.jsonl, calibration.jsonl     what to do
progress.jsonl                                              lines of `Progress`, about one a second
checkpoints/                                                goes on from there when it is started again
out/adapter/, out/merged/, result.json                      what was made; result.json is written last
error.json                                                  why it failed: code, sentence, next, detail
"""

from __future__ import annotations

import json
import signal
import time
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extraction.labels import Label, read_labels
from extraction.schema import DocumentTypeSpec
from models_store.durable import write_json
from models_store.starter.factory.pools import load_pools
from models_store.tuning.checkpoint import FOLDER, drop_checkpoints
from models_store.tuning.errors import BadRequest
from models_store.tuning.job import Job, Trained, train
from models_store.tuning.lora import Watch
from models_store.tuning.merge import ADAPTER, digests_of, write_merged
from models_store.tuning.progress import Progress
from models_store.tuning.settings import LoraSettings

RESULT, PROGRESS, REQUEST, TYPE, OUT, MERGED = (
    "result.json", "progress.jsonl", "request.json", "type.json", "out", "merged",
)  # fmt: skip
_EVERY_SECONDS = 1.0
_Model = TypeVar("_Model", bound=BaseModel)


class Order(BaseModel):
    """request.json. `base`: folder of trainable weights; `card`: the card of the model made of them; `pools`: a file
    of names for made-up documents, those that are shipped where it is not given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Path
    card: Path
    settings: LoraSettings = LoraSettings()
    replay: float = Field(default=0.2, ge=0, le=0.5)
    pools: Path | None = None
    threads: int = Field(default=1, ge=1, le=1024)
    checkpoint_seconds: float = Field(default=30.0, ge=0)


def work(folder: Path) -> None:
    """Does the training that `folder` asks for, or goes on with it; at once where it is done already.

    Raises Stopped after SIGTERM, and else what `train` raises.
    """
    if (folder / RESULT).is_file():
        return
    order = _read(folder / REQUEST, Order)
    torch.set_num_threads(order.threads)
    watch = Watch(_Teller(folder / PROGRESS), _Ear(), order.checkpoint_seconds)
    trained = train(_job(folder, order), watch)
    out = folder / OUT
    write_merged(trained.model, order.base, out / MERGED, adapter=out / ADAPTER)
    write_json(folder / RESULT, _result(trained, out))
    drop_checkpoints(folder / FOLDER)


def _job(folder: Path, order: Order) -> Job:
    return Job(
        base=order.base,
        card=order.card,
        train=_labels(folder / "train.jsonl"),
        calibration=_labels(folder / "calibration.jsonl"),
        document_type=_read(folder / TYPE, DocumentTypeSpec),
        settings=order.settings,
        pools=load_pools(order.pools),
        replay=order.replay,
        work=folder,
    )


def _result(trained: Trained, out: Path) -> dict[str, object]:
    return {
        **trained.facts,
        "base": trained.card.digest,
        "dataset": trained.dataset,
        "adapter": digests_of(out / ADAPTER),
        "merged": digests_of(out / MERGED),
    }


def _read(path: Path, form: type[_Model]) -> _Model:
    try:
        return form.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadRequest(f"{path.name}: {error}") from error


def _labels(path: Path) -> tuple[Label, ...]:
    """Those of a file that may be empty or absent. Raises LabelsError."""
    if not path.is_file() or not path.stat().st_size:
        return ()
    with path.open(encoding="utf-8") as lines:
        return read_labels(lines, path.parent)


class _Teller:
    """Writes progress as lines of JSON: about one a second, each calibration, and the last step. Steps that a killed
    run had told already may be told again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told_at = 0.0

    def __call__(self, progress: Progress) -> None:
        is_due = time.monotonic() - self._told_at >= _EVERY_SECONDS
        if is_due or progress.calibration is not None or progress.share >= 1:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(progress)) + "\n")
            self._told_at = time.monotonic()


class _Ear:
    """Whether SIGTERM has come."""

    def __init__(self) -> None:
        self._is_asked = False
        signal.signal(signal.SIGTERM, self._hear)

    def __call__(self) -> bool:
        return self._is_asked

    def _hear(self, number: int, frame: object) -> None:
        self._is_asked = True
