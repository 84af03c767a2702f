"""Why a run is not begun, not changed, or fails.

StrongroomError
└── RunError
    ├── NothingToTrainOn    nothing_to_train_on
    ├── NothingToTestOn     nothing_to_test_on
    ├── NotTrainable        not_trainable
    ├── BadOptions          bad_options
    ├── NotStoppable        not_stoppable
    ├── NotResumable        not_resumable
    ├── NotDiscardable      not_discardable
    ├── ScheduleChanged     schedule_changed
    ├── DiskTooFull         disk_too_full
    ├── MemoryTooSmall      memory_too_small
    ├── ChildKilled         child_killed           may pass: tried again
    ├── ChildFailed         child_failed           carries the program's own code and sentence
    ├── NoProgress          no_progress
    └── RunBroken           run_broken
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class RunError(StrongroomError):
    code = "run_error"


class NothingToTrainOn(RunError):
    code = "nothing_to_train_on"
    sentence = "This snapshot holds no document to train on."
    next_step = "Review more documents of this type, then make a new snapshot."


class NothingToTestOn(RunError):
    code = "nothing_to_test_on"
    sentence = "This snapshot holds no frozen test document, so nothing could be measured."
    next_step = "Review more documents from other senders, then make a new snapshot."


class NotTrainable(RunError):
    code = "not_trainable"
    sentence = "This model cannot be trained: the store has no trainable weights of it."
    next_step = "Choose another base model, or import the model as a folder of safetensors."


class BadOptions(RunError):
    """`detail` names the option: it comes from the form or the command line, never from a document."""

    code = "bad_options"
    sentence = "A setting of the run is out of its bounds."
    next_step = "Correct the setting and ask again."


class NotStoppable(RunError):
    code = "not_stoppable"
    sentence = "This run has ended or is stopped already."
    next_step = "Reload the page to see where it stands."


class NotResumable(RunError):
    code = "not_resumable"
    sentence = "This run neither stopped nor failed, or its files are discarded."
    next_step = "Begin a new run on the same snapshot."


class NotDiscardable(RunError):
    code = "not_discardable"
    sentence = "Only files of a run that stopped or failed can be discarded."
    next_step = "Stop the run first."


class ScheduleChanged(RunError):
    code = "schedule_changed"
    sentence = "Somebody else changed this schedule meanwhile; nothing of yours was saved."
    next_step = "Look at the schedule as it is now, and save once more if that is still what you want."


class DiskTooFull(RunError):
    """`detail` says how much is needed and free."""

    code = "disk_too_full"
    sentence = "There is not enough free disk space for this run."
    next_step = "Remove models that nobody needs, or files of failed runs, then resume."


class MemoryTooSmall(RunError):
    code = "memory_too_small"
    sentence = "The memory that training may take is smaller than this base model needs."
    next_step = "Choose a smaller base model, or raise STRONGROOM_TRAINING_MEMORY_BYTES."


class ChildKilled(RunError):
    code = "child_killed"
    sentence = "The training program was ended from outside, most likely because memory ran out."
    next_step = "It is tried again from its last checkpoint. If it happens again, choose a smaller base model."


class ChildFailed(RunError):
    """A program said itself why it failed; the three parts are its own words."""

    code = "child_failed"

    def __init__(self, code: str = "", sentence: str = "", next_step: str = "", detail: str = "") -> None:
        super().__init__(detail)
        self.told_code = code or self.code
        self.told = sentence or "A program of this run failed without saying why."
        self.told_next = next_step or "Look at children.log in the run's folder, then resume."


class NoProgress(RunError):
    code = "no_progress"
    sentence = "The run was begun again several times without getting any further."
    next_step = "Look at the health page for memory and disk, then resume."


class RunBroken(RunError):
    """A bug or a file that was taken away: `detail` is for the administrator."""

    code = "run_broken"
    sentence = "The run could not go on."
    next_step = "Resume it; if it fails again, begin a new run and tell who maintains the box."


def told(error: StrongroomError) -> tuple[str, str]:
    """(code, what a person reads) of an error that ends a run."""
    if isinstance(error, ChildFailed):
        return error.told_code, f"{error.told} {error.told_next}"
    detail = f" ({error.detail})" if error.detail and isinstance(error, BadOptions | DiskTooFull) else ""
    return error.code, f"{error.sentence}{detail} {error.next_step}"
