"""Why a key or a counter-signed checkpoint is refused. Each is recorded with its code.

StrongroomError
└── WitnessError
    ├── NotAWitnessKey      not_a_witness_key
    ├── KeyKnown            key_known
    ├── NotACheckpoint      not_a_checkpoint
    ├── UnknownCheckpoint   unknown_checkpoint
    ├── BodyDiffers         body_differs
    ├── NoSignatureFits     no_signature_fits
    ├── SignedInTheFuture   signed_in_the_future
    └── AlreadySigned       already_signed
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class WitnessError(StrongroomError):
    code = "witness_error"


class NotAWitnessKey(WitnessError):
    code = "not_a_witness_key"
    sentence = "This is not the public key of a counter-signer."
    next_step = "Paste the one line that “strongroom_verify.py keygen” printed, from the name to the last sign."


class KeyKnown(WitnessError):
    code = "key_known"
    sentence = "A key with this name or this line is registered already."
    next_step = "Use it, or make a new key under another name."


class NotACheckpoint(WitnessError):
    code = "not_a_checkpoint"
    sentence = "This file is not a signed checkpoint."
    next_step = "Choose the file that you named with --out when you counter-signed."


class UnknownCheckpoint(WitnessError):
    code = "unknown_checkpoint"
    sentence = "The box never signed a checkpoint of this size."
    next_step = "See that the file is from this box. If it is, keep it: it says that the log was replaced."


class BodyDiffers(WitnessError):
    code = "body_differs"
    sentence = "The box has a checkpoint of this size, but with another content."
    next_step = "Keep your file and check a fresh copy of the log on your own computer: there may be two histories."


class NoSignatureFits(WitnessError):
    code = "no_signature_fits"
    sentence = "No signature in this file fits a registered key."
    next_step = "Register the public key that belongs to the secret you signed with, then upload the file again."


class SignedInTheFuture(WitnessError):
    code = "signed_in_the_future"
    sentence = "The counter-signature is dated later than now, or earlier than the checkpoint itself."
    next_step = "Compare the clocks of your computer and of the box, then sign again."


class AlreadySigned(WitnessError):
    code = "already_signed"
    sentence = "This counter-signature is stored already."
    next_step = "Nothing is left to do."
