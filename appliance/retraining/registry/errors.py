"""Why work on the store of models is refused or ends without a result.

StrongroomError
└── RegistryError
    ├── NotInStore          not_in_store
    ├── ModelNeeded         model_needed
    ├── WorkGoesOn          work_goes_on
    ├── NameNotFree         name_not_free
    ├── NameNotConfirmed    name_not_confirmed
    ├── MediumAway          medium_away
    ├── NotOnMedium         not_on_medium
    ├── ChangedSinceCheck   changed_since_check
    ├── NotFit              not_fit
    ├── NoFullPrecision     no_full_precision
    ├── NothingToMeasureOn  nothing_to_measure_on
    ├── StoppedByHand       stopped
    └── JobEnded            job_ended
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction.errors import StrongroomError


class RegistryError(StrongroomError):
    code = "registry_error"

    @property
    def told(self) -> str:
        """For a page: what is wrong and what to do next."""
        return f"{self.sentence} {self.next_step}"


class NotInStore(RegistryError):
    code = "not_in_store"
    sentence = "The store holds no model of this name or digest."
    next_step = "See the list of models."


class ModelNeeded(RegistryError):
    """`reasons`: sentences, each names what needs the model."""

    code = "model_needed"
    sentence = "This model must stay."
    next_step = "Nothing was removed."

    def __init__(self, reasons: Sequence[str] = ()) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)

    @property
    def told(self) -> str:
        return " ".join((self.sentence, *self.reasons, self.next_step))


class WorkGoesOn(RegistryError):
    code = "work_goes_on"
    sentence = "The box is at work on this already."
    next_step = "Wait until it is done, or stop it."


class NameNotFree(RegistryError):
    code = "name_not_free"
    sentence = "A model of this name is in the store already."
    next_step = "Choose another name."


class NameNotConfirmed(RegistryError):
    code = "name_not_confirmed"
    sentence = "The name that was typed is not the model's name."
    next_step = "Type it as it stands above. Nothing was removed."


class MediumAway(RegistryError):
    code = "medium_away"
    sentence = "The folder of removable media cannot be read."
    next_step = "Connect the medium. Which folder it is stands in the setting STRONGROOM_MODEL_MEDIA_DIR."


class NotOnMedium(RegistryError):
    code = "not_on_medium"
    sentence = "The medium holds nothing of this name."
    next_step = "Look at the list again: the medium may have been changed."


class ChangedSinceCheck(RegistryError):
    code = "changed_since_check"
    sentence = "What lies on the medium is not what was checked."
    next_step = "Check it again before it is brought in. Nothing was changed."


class NotFit(RegistryError):
    """`detail` says what the check found."""

    code = "not_fit"
    sentence = "The check found reasons not to bring this in."
    next_step = "They stand on the page of the check."


class NoFullPrecision(RegistryError):
    code = "no_full_precision"
    sentence = "The store does not hold this model's weights in full precision."
    next_step = "Import the model as a folder with safetensors; it can then be quantized and trained."


class NothingToMeasureOn(RegistryError):
    code = "nothing_to_measure_on"
    sentence = "There is no such snapshot, or nothing of it was kept back for measuring."
    next_step = "Make a snapshot of training data with a test part first."


class StoppedByHand(RegistryError):
    code = "stopped"
    sentence = "This was stopped by hand."
    next_step = "It can be asked for again."


class JobEnded(RegistryError):
    code = "job_ended"
    sentence = "This work has ended already."
    next_step = "Reload the page to see how."
