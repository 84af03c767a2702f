"""Why a model from outside is not brought in.

    StrongroomError
    └── IntakeError              intake_error
        ├── NotAModel            not_a_model
        ├── UnsafeFile           unsafe_file
        ├── BrokenModel          broken_model
        ├── UnknownFamily        unknown_family
        ├── ModelTooLarge        model_too_large
        ├── ChecksumWrong        checksum_wrong
        ├── NoRoom               no_room
        ├── CheckStopped         check_stopped
        ├── BundleBroken         bundle_broken
        └── SignerUnknown        signer_unknown

`detail` names the file and what is wrong with it; the administrator reads it. Names in it come from the medium: text.
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class IntakeError(StrongroomError):
    code = "intake_error"
    sentence = "This model cannot be brought in."
    next_step = "Read the detail, mend the folder on the medium, and try again."


class NotAModel(IntakeError):
    code = "not_a_model"
    sentence = "No model was found here."
    next_step = "Give a folder with config.json, tokenizer files and *.safetensors, or one GGUF file."


class UnsafeFile(IntakeError):
    code = "unsafe_file"
    sentence = "This model comes with files that can run code."
    next_step = (
        "Bring the model as safetensors or GGUF. Where it is a folder with programs beside safetensors, "
        "ask to leave the programs behind: they are not needed for the families that are known here."
    )


class BrokenModel(IntakeError):
    code = "broken_model"
    sentence = "A file of this model is damaged, or is not what its name says."
    next_step = "Copy the model to the medium again and compare its SHA-256 with the publisher's."


class UnknownFamily(IntakeError):
    code = "unknown_family"
    sentence = "This kind of model is not known here."
    next_step = (
        "Bring a model of a family that docs/families.md names, text only and not quantized for another program."
    )


class ModelTooLarge(IntakeError):
    code = "model_too_large"
    sentence = "This model is larger than this appliance accepts."
    next_step = "Bring a smaller model of the same family."


class ChecksumWrong(IntakeError):
    code = "checksum_wrong"
    sentence = "A file of this model is not the one that its list of checksums names."
    next_step = "Copy the model to the medium again, with the list of checksums of its publisher."


class NoRoom(IntakeError):
    code = "no_room"
    sentence = "There is too little free disk space to bring this model in."
    next_step = "Remove models that are no longer needed, or give the appliance a larger disk."


class CheckStopped(IntakeError):
    code = "check_stopped"
    sentence = "The check of this model stopped before it was done."
    next_step = "Try again; if it stops again, the files are damaged or made to do harm: do not bring this model in."


class BundleBroken(IntakeError):
    code = "bundle_broken"
    sentence = "This bundle was changed or is damaged; nothing of it was taken."
    next_step = "Export it again on the box that made it, and copy it anew."


class SignerUnknown(IntakeError):
    code = "signer_unknown"
    sentence = "This bundle is not signed by a box that is trusted here."
    next_step = "Bring the public key of the box that made it on another way, and name it as trusted."
