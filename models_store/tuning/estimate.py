"""How long a training will take and how much memory it will hold, before anything is started.

The work is counted (parameters times tokens, as usual for a pass forward and back); what the box does in a second is
measured in a tenth of a second. Nothing heavy is imported, so a web page can ask.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from models_store.tuning.settings import LoraSettings

_PASSES = 3
"""A pass forward and the way back through layers that only hand gradients on, in passes forward, with some to spare."""
_PER_PARAMETER = 2
"""Operations of a pass forward for each parameter and token."""
_SMALL = 1e8
"""Below so many parameters a step is mostly not multiplication."""
_SMALL_SHARE, _LARGE_SHARE = 0.25, 0.7
"""Of the measured operations a second, what a training gets out of the box."""
_HALVES = 4
"""How much faster 16-bit numbers are multiplied where the machine can."""
_WINDOWS_SHARE = 1.25
"""Tokens that are shown for each token of the documents: the questions, and what windows share."""
_LIBRARIES = 700 * 2**20
_STATES = 16
"""Bytes of each number of the adapters: itself, its gradient, two of the optimizer."""
_PROBE = 512


@dataclass(frozen=True, slots=True)
class Base:
    """What counts of a model: its sizes. `halved`: held in 16 bits."""

    parameters: int
    width: int
    layers: int
    vocabulary: int
    halved: bool

    @classmethod
    def of(cls, folder: Path) -> Base:
        """From a folder of trainable weights. Raises OSError, ValueError or KeyError where it is none."""
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        sizes = config.get("text_config", config)
        stored = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
        bytes_each = 4 if sizes.get("dtype", sizes.get("torch_dtype")) == "float32" else 2
        return cls(
            parameters=stored // bytes_each,
            width=int(sizes["hidden_size"]),
            layers=int(sizes["num_hidden_layers"]),
            vocabulary=int(sizes["vocab_size"]),
            halved=stored >= 1e9 and _multiplies_halves(),
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """`minutes` of work without pauses; `memory_bytes` at the most."""

    minutes: float
    memory_bytes: int


def estimate(base: Base, settings: LoraSettings, *, tokens: int, replay: float = 0.2, threads: int = 1) -> Estimate:
    """`tokens`: of all documents to train on, once. A time limit of the settings counts."""
    shown = tokens * _WINDOWS_SHARE / (1 - replay) * settings.epochs
    share = _SMALL_SHARE if base.parameters < _SMALL else _LARGE_SHARE
    operations = _PASSES * _PER_PARAMETER * base.parameters * shown
    minutes = operations / (share * speed() * min(threads, os.cpu_count() or 1)) / 60
    return Estimate(min(minutes, settings.minutes or minutes), _memory(base, settings))


def _memory(base: Base, settings: LoraSettings) -> int:
    """Weights, adapters, what a batch leaves in the layers for the way back, and the scores of its answers."""
    weights = base.parameters * (2 if base.halved else 4)
    adapters = 14 * settings.rank * base.width * base.layers * _STATES * 2
    kept = settings.batch_tokens * base.width * base.layers * 34 * (1 if base.halved else 2)
    scores = settings.batch_tokens // 3 * base.vocabulary * 12
    return _LIBRARIES + weights + adapters + kept + scores


@cache
def speed() -> float:
    """Operations a second of one core, from products of 32-bit numbers; more with 16-bit numbers."""
    side = np.ones((_PROBE, _PROBE), dtype=np.float32)
    begun, done = time.thread_time(), 0
    while (spent := time.thread_time() - begun) < 0.1:
        side @ side
        done += 1
    measured = done * 2 * _PROBE**3 / spent
    return measured * (_HALVES if _multiplies_halves() else 1)


def _multiplies_halves() -> bool:
    """Whether the machine multiplies 16-bit numbers fast."""
    about = Path("/proc/cpuinfo")
    flags = about.read_text(encoding="utf-8") if about.exists() else ""
    return "avx512_bf16" in flags or "amx_bf16" in flags
