"""How a training is done: two presets, and what fits a model's size. Nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

Preset = Literal["quick", "thorough"]
PRESETS: tuple[Preset, ...] = ("quick", "thorough")
_RATES = ((5e7, 2e-3), (5e8, 5e-4), (4e9, 2e-4))
"""Up to so many parameters, so high a rate; 1e-4 above."""
_LOWEST_RATE = 1e-4
_SMALLER_BATCHES_FROM = 1e9
"""Parameters. The layers' memory of a batch grows with the model."""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class LoraSettings:
    """`rate` fits the starter model; `preset` finds one for each size. `targets`: as PEFT takes it, "all-linear" or
    names of layers. `minutes`: None is no limit. `patience`: calibrations in a row that may be worse than the best.

    Raises ValidationError for what makes no sense.
    """

    rank: int = Field(default=16, ge=1, le=512)
    alpha: int = Field(default=32, ge=1, le=4096)
    targets: str | tuple[str, ...] = "all-linear"
    rate: float = Field(default=2e-3, gt=0, le=1)
    epochs: int = Field(default=4, ge=1)
    minutes: float | None = Field(default=None, gt=0)
    batch_tokens: int = Field(default=2048, ge=32)
    warm_up_steps: int = Field(default=20, ge=1)
    clip: float = Field(default=1.0, gt=0)
    patience: int = Field(default=2, ge=1)
    seed: int = Field(default=1, ge=0, lt=2**31)


def preset(name: Preset, parameters: int) -> LoraSettings:
    """`quick`: a few epochs; `thorough`: wider adapters and more epochs, stopped early where they do not help."""
    rate = next((rate for most, rate in _RATES if parameters <= most), _LOWEST_RATE)
    batch_tokens = 2048 if parameters < _SMALLER_BATCHES_FROM else 1024
    quick = LoraSettings(rate=rate, batch_tokens=batch_tokens)
    return quick if name == "quick" else replace(quick, rank=32, alpha=64, epochs=10, patience=3)
