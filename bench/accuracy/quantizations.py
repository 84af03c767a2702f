"""The same weights in other quantizations: size, what is kept of F1, seconds a document."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.accuracy.ask import ModelAnswers, ask_all
from bench.accuracy.cases import Case
from bench.accuracy.progress import Progress
from bench.accuracy.score import Figures
from bench.accuracy.sets import LabelledSet
from extraction.language_model_llama import LlamaCppModel
from models_store.card import ModelCard
from models_store.convert import Quantization, convert, fetch_converter, quantize

NAMES = ("Q8_0", "Q4_K_M", "Q4_0", "Q2_K")
FULL = "F32"
_CONVERTER = Path("var/tuning/converter")
_MEGABYTE = 1e6
Chosen = Sequence[tuple[LabelledSet, Sequence[Case]]]


def measure_quantizations(chosen: Chosen, folder: Path, card: ModelCard, threads: int) -> dict[str, Figures]:
    """Figures by quantization, the 32-bit weights first. `folder` holds the weights before any quantization.

    Raises ConversionFailed.
    """
    found: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, weights in _files(folder, Path(scratch)):
            with LlamaCppModel.load(weights, context_tokens=card.context_tokens, threads=threads) as model:
                found[name] = {"megabytes": round(weights.stat().st_size / _MEGABYTE, 2), **_asked(name, chosen, model)}
    return found


def retention(found: dict[str, Figures], name: str, of_set: str) -> float:
    """The share of the full precision's F1 that a quantization keeps."""
    full = found[FULL]["sets"][of_set]["f1"]
    kept: float = found[name]["sets"][of_set]["f1"]
    return kept / full if full else 1.0


def _files(folder: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """One file at a time, deleted when the next is asked for."""
    full = scratch / "full.gguf"
    _CONVERTER.mkdir(parents=True, exist_ok=True)
    convert(folder, full, converter=fetch_converter(_CONVERTER))
    yield FULL, full
    for name in NAMES:
        if name not in Quantization.__members__:
            print(f"{name}: not a quantization that models_store.convert makes, left out", file=sys.stderr)
            continue
        smaller = scratch / f"{name}.gguf"
        quantize(full, smaller, Quantization[name])
        yield name, smaller
        smaller.unlink()


def _asked(name: str, chosen: Chosen, model: LlamaCppModel) -> dict[str, Any]:
    sets: dict[str, Figures] = {}
    for wanted, cases in chosen:
        progress = Progress(f"{name} {wanted.name}", len(cases))
        found = ask_all(cases, {name: ModelAnswers(model)}, loose=wanted.loose, told=progress.told)
        sets[wanted.name] = {key: value for key, value in found[name].items() if key != "fields"}
    return {"sets": sets}
