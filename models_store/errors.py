"""Why a model cannot be kept, found or made.

StrongroomError
├── StoreError              store_error
└── ConversionFailed        conversion_failed
    └── ConverterMissing    converter_missing
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class StoreError(StrongroomError):
    """A model is missing, incomplete or not what its digest says. The message names the model."""

    code = "store_error"
    sentence = "The store of models refuses this."
    next_step = "Look at the page of the models; a damaged model is restored from a backup or imported again."


class ConversionFailed(StrongroomError):
    """The converter, its sources or the quantizer did not do their work. The message says which."""

    code = "conversion_failed"
    sentence = "The model could not be converted."
    next_step = "Read the detail: the kind of model may be unknown to the converter, or the disk full."


class ConverterMissing(ConversionFailed):
    """llama.cpp's converter is not on this box, and nothing is fetched from here."""

    code = "converter_missing"
    sentence = "The program that converts models is not on this box."
    next_step = (
        "On a machine with a connection run: pip download --no-deps --no-binary llama-cpp-python "
        "llama-cpp-python==0.3.36; carry the file to the converter's folder of this box, then try again."
    )
