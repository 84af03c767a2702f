"""What a run is asked with. The same record stands in `TrainingRun.options` as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from appliance.retraining.models import Preset
from appliance.retraining.runs.errors import BadOptions
from appliance.retraining.runs.window import Window

FULL_PRECISION, ADAPTER = "F16", "adapter"
FILES = (FULL_PRECISION, "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q4_0", "Q3_K_M", "Q2_K")
"""From the largest file to the smallest: whole models, for documents of all types."""
QUANTIZATIONS = (*FILES, ADAPTER)
"""The adapter is no file of its own kind, but what tuning changed, over the model it began from, for one type alone."""

_BOUNDS: dict[str, tuple[float, float]] = {
    "rank": (1, 256),
    "alpha": (1, 512),
    "rate": (1e-6, 1e-2),
    "epochs": (1, 50),
    "minutes": (0, 10_080),
    "replay": (0.0, 0.5),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True, slots=True)
class Options:
    """`rate`: None is the one that fits the size of the base. `minutes`: 0 is no limit. `replay`: share of made-up
    documents against forgetting. `teacher`: digest of a larger model that labels unreviewed documents, or "".
    `window`: hours of the day, or None for any."""

    rank: int = 16
    alpha: int = 32
    rate: float | None = None
    epochs: int = 4
    minutes: float = 0
    replay: float = 0.2
    seed: int = 1
    quantizations: tuple[str, ...] = ("Q8_0", "Q4_K_M", ADAPTER)
    importance: bool = False
    teacher: str = ""
    window: Window | None = None

    def __post_init__(self) -> None:
        """Raises BadOptions."""
        for name, (least, most) in _BOUNDS.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise BadOptions(f"{name} must be between {least:g} and {most:g}")
        unknown = set(self.quantizations) - set(QUANTIZATIONS)
        if unknown or not self.quantizations:
            raise BadOptions("at least one quantization out of " + ", ".join(QUANTIZATIONS))

    @property
    def files(self) -> tuple[str, ...]:
        """What is written: full precision always, because the others are held against it."""
        return tuple(name for name in FILES if name == FULL_PRECISION or name in self.quantizations)

    @property
    def measured(self) -> tuple[str, ...]:
        return (*self.files, *(name for name in (ADAPTER,) if name in self.quantizations))

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"quantizations": list(self.quantizations)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Options:
        window = stored.get("window")
        parts = {"quantizations": tuple(stored["quantizations"]), "window": Window(**window) if window else None}
        return cls(**stored | parts)


PRESETS: dict[Preset, Options] = {
    Preset.QUICK: Options(epochs=3, quantizations=("Q8_0", "Q4_K_M", ADAPTER)),
    Preset.THOROUGH: Options(rank=32, alpha=64, epochs=8, quantizations=QUANTIZATIONS[1:]),
}


def of_preset(preset: Preset, **changes: Any) -> Options:
    """The preset's options with some of them changed; those of `quick` for own settings."""
    return replace(PRESETS.get(preset, PRESETS[Preset.QUICK]), **changes)
