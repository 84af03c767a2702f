"""Why a training cannot be done, for the person who asked for it."""

from __future__ import annotations

from typing import ClassVar


class TuningError(Exception):
    """`code` is stable; `sentence` says what is wrong, `next_step` what can be done."""

    code: ClassVar[str] = "tuning_failed"
    sentence: ClassVar[str] = "The training failed."
    next_step: ClassVar[str] = "Start it again; if it fails again, tell the administrator of the box."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.sentence)
        self.detail = detail


class BadRequest(TuningError):
    code = "bad_request"
    sentence = "The order for this training cannot be read."
    next_step = "Ask for the training anew."


class BaseUnusable(TuningError):
    code = "base_unusable"
    sentence = "The model to start from cannot be loaded for training."
    next_step = "Choose another model to start from, or import this one again."


class TooLittleMemory(TuningError):
    code = "too_little_memory"
    sentence = "Training needs more memory than it may use."
    next_step = "Start from a smaller model, or let training use more memory."


class DiskFull(TuningError):
    code = "disk_full"
    sentence = "There is no space left on the disk."
    next_step = "Remove models that are not needed, then resume."


class Diverged(TuningError):
    code = "diverged"
    sentence = "The training lost its way: the loss is no number any more."
    next_step = "Start again with a lower learning rate."


class Stopped(Exception):
    """Asked to stop; the checkpoint is written and the run can go on."""
