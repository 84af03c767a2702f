"""What a run counts, and what it tells while it works."""

from __future__ import annotations

from dataclasses import dataclass, field

_SMOOTHING = 0.95


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` of 1 and `seconds_left` of the whole run; `loss` is smoothed over about twenty steps; `calibration` is
    told after it was scored: before the first step and after each epoch."""

    step: int
    epoch: int
    share: float
    loss: float
    calibration: float | None
    tokens: int
    seconds: float
    seconds_left: float


@dataclass(slots=True)
class Figures:
    """`losses`: of each step, weighted mean per answer token; `calibration`: the same on the calibration part, before
    training and after each epoch; `best`: the step of the best state, 0 where nothing was better than the base."""

    step: int = 0
    epoch: int = 0
    tokens: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)
    calibration: list[float] = field(default_factory=list)
    best: int = 0
    smooth: float = 0.0

    def count(self, loss: float, tokens: int) -> None:
        """One step."""
        self.smooth = _SMOOTHING * self.smooth + (1 - _SMOOTHING) * loss if self.step else loss
        self.losses.append(loss)
        self.step += 1
        self.tokens += tokens

    def calibrated(self, score: float) -> None:
        """Scored after this step."""
        if not self.calibration or score < min(self.calibration):
            self.best = self.step
        self.calibration.append(score)

    @property
    def worse(self) -> int:
        """Calibrations since the best one."""
        scores = self.calibration
        return len(scores) - 1 - scores.index(min(scores)) if scores else 0
