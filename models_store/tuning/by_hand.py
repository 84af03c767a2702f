"""Tunes a model on labelled documents; the last line printed is a JSON object of the run's figures.

python -m models_store.tuning.by_hand LABELS.jsonl --schema FILE --base models_store/starter --out DIR

A killed run goes on where it stood when the same command is given again.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import torch

from extraction.errors import StrongroomError
from extraction.json_schema_import import from_json_schema
from extraction.labels import read_labels
from extraction.schema import DocumentTypeSpec
from models_store.card import ModelCard
from models_store.errors import ConversionFailed
from models_store.store import CARD
from models_store.tuning.errors import TuningError
from models_store.tuning.progress import Progress
from models_store.tuning.settings import PRESETS, LoraSettings, preset
from models_store.tuning.tune import Request, tune

_EVERY_STEPS = 10


def main() -> None:
    settings = _settings()
    torch.set_num_threads(settings.threads)
    try:
        with settings.labels.open(encoding="utf-8") as lines:
            labels = read_labels(lines, settings.files or settings.labels.parent, limit=settings.limit)
        request = Request(
            labels=labels,
            document_type=read_type(settings.schema),
            base=settings.base,
            out=settings.out,
            settings=_lora_settings(settings),
            replay=settings.replay,
            group=settings.group,
            converter=settings.converter,
        )
        figures = tune(request, on_progress=_tell)
    except (StrongroomError, TuningError, ConversionFailed, OSError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error
    _say(json.dumps(figures))


def read_type(path: Path) -> DocumentTypeSpec:
    """Our own form of a document type, or a JSON Schema of an object."""
    content = json.loads(path.read_text(encoding="utf-8"))
    is_json_schema = "properties" in content or "$schema" in content
    return from_json_schema(content) if is_json_schema else DocumentTypeSpec.model_validate(content)


def _lora_settings(settings: argparse.Namespace) -> LoraSettings:
    card = ModelCard.model_validate_json((settings.base / CARD).read_bytes())
    given = {name: getattr(settings, name) for name in ("epochs", "minutes", "seed", "rate")}
    chosen = {name: value for name, value in given.items() if value is not None}
    return replace(preset(settings.preset, card.parameters), **chosen)


def _tell(progress: Progress) -> None:
    if progress.calibration is not None:
        _say(f"loss on the documents to calibrate: {progress.calibration:.3f}")
    elif progress.step % _EVERY_STEPS == 0 or progress.share >= 1:
        speed = progress.tokens / max(progress.seconds, 1e-9)
        head = f"{progress.share:4.0%}, step {progress.step}, loss {progress.loss:.3f}"
        _say(f"{head}, {speed:.0f} tokens/s, {progress.seconds_left / 60:.1f} minutes left")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m models_store.tuning.by_hand",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("labels", type=Path, help="labelled documents, one JSON object a line")
    add("--schema", type=Path, required=True, help="the document type: our JSON, or a JSON Schema")
    add("--base", type=Path, required=True, help="folder of the model to start from, with its card")
    add("--out", type=Path, required=True, help="where the tuned model goes, and the checkpoint while it is made")
    add("--files", type=Path, help="folder of the documents; without it, the folder of the labels")
    add("--limit", type=int, help="only the first so many labelled documents")
    add("--preset", choices=PRESETS, default="quick")
    add("--epochs", type=int, help="other than the preset has")
    add("--minutes", type=float, help="end earlier, the rate having decayed by then")
    add("--rate", type=float, help="highest learning rate, other than the preset has")
    add("--replay", type=float, default=0.2, help="share of made-up documents")
    add("--group", default="", help="field that names the sender: calibration is on senders that are not trained on")
    add("--seed", type=int)
    add("--threads", type=int, default=1)
    add("--converter", type=Path, default=Path("var/tuning/converter"), help="where llama.cpp's converter is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
