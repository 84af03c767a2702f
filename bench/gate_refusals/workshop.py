"""Real models: the product's own training child, converter, quantizer and measuring, on small sets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.gate_refusals.site_documents import TYPE
from extraction.labels import Label
from extraction.language_model_llama import LlamaCppModel
from models_store.card import ModelCard
from models_store.convert import Quantization, convert, fetch_converter, quantize
from models_store.evaluation.measure import Case, cases_digest, measure
from models_store.evaluation.records import Evaluation
from models_store.store import CARD, STARTER

_CONVERTER = Path("var/converter")


class TrainingFailed(Exception):
    """The training child said why."""


class Workshop(Protocol):
    """What makes and measures models."""

    def train(self, name: str, labels: Sequence[Label], *, seed: int) -> Path: ...

    def quantized(self, merged: Path, quantization: Quantization | None = Quantization.Q8_0) -> Path: ...

    def measured(self, weights: Path, cases: Sequence[Case]) -> Evaluation: ...


@dataclass(frozen=True, slots=True)
class RealWorkshop:
    """`scratch`: where models are made; `threads` of training and of measuring."""

    scratch: Path
    epochs: int
    threads: int

    def train(self, name: str, labels: Sequence[Label], *, seed: int) -> Path:
        """A folder of merged weights, the starter tuned on these. Raises TrainingFailed."""
        folder = self.scratch / name
        folder.mkdir()
        request = {
            "base": str(STARTER.resolve()),
            "card": str((STARTER / CARD).resolve()),
            "settings": {"epochs": self.epochs, "seed": seed},
            "replay": 0.2,
            "threads": self.threads,
        }
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        (folder / "type.json").write_text(TYPE.model_dump_json(), encoding="utf-8")
        (folder / "train.jsonl").write_text("\n".join(map(_line, labels)) + "\n", encoding="utf-8")
        (folder / "calibration.jsonl").touch()
        command = [sys.executable, "-m", "models_store.tuning", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise TrainingFailed(f"{name}: {done.stderr[-1000:]}")
        return folder / "out" / "merged"

    def quantized(self, merged: Path, quantization: Quantization | None = Quantization.Q8_0) -> Path:
        """The weights as a GGUF file; without a quantization in 32 bits. Raises ConversionFailed."""
        full = merged.parent / "F32.gguf"
        if not full.is_file():
            _CONVERTER.mkdir(parents=True, exist_ok=True)
            convert(merged, full, converter=fetch_converter(_CONVERTER))
        if quantization is None:
            return full
        target = merged.parent / f"{quantization.name}.gguf"
        if not target.is_file():
            quantize(full, target, quantization)
        return target

    def measured(self, weights: Path, cases: Sequence[Case]) -> Evaluation:
        context = ModelCard.model_validate_json((STARTER / CARD).read_bytes()).context_tokens
        with LlamaCppModel.load(weights, context_tokens=context, threads=self.threads) as model:
            documents, digest = measure(cases, model), model.digest
        size = weights.stat().st_size
        return Evaluation(model=digest, labels=cases_digest(cases), documents=documents, file_bytes=size)


def as_cases(labels: Sequence[Label]) -> tuple[Case, ...]:
    return tuple(Case(label, TYPE) for label in labels)


def _line(label: Label) -> str:
    kept = {"id": label.id, "text": label.text, "fields": label.fields, "sender": label.sender}
    return json.dumps({**kept, "original": label.original}, ensure_ascii=False)
