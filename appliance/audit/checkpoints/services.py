"""A second party's keys and signatures come in here. What is refused is recorded as well as what is kept."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.checkpoints.errors import (
    AlreadySigned,
    BodyDiffers,
    KeyKnown,
    NoSignatureFits,
    NotACheckpoint,
    NotAWitnessKey,
    SignedInTheFuture,
    UnknownCheckpoint,
    WitnessError,
)
from appliance.audit.models import Checkpoint, Cosignature, Witness
from appliance.audit.record import Evidence, Subject, record, record_apart
from appliance.audit.tree.notes import WITNESS_KEY, BadNote, CheckpointBody, Note, PublicKey

CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_NAME_AT_MOST = 100
_PRINTED_BEFORE = "ok:"
"""What the verifier prints in front of the line, and a person copies with it."""


@transaction.atomic
def register_witness(*, key_line: str, by: str) -> Witness:
    """Keep a counter-signer's public key. Raises NotAWitnessKey, KeyKnown."""
    try:
        key = PublicKey.parse(key_line.strip().removeprefix(_PRINTED_BEFORE).strip())
    except (BadNote, UnicodeError) as error:
        raise NotAWitnessKey from error
    if key.kind != WITNESS_KEY or len(key.name) > _NAME_AT_MOST or not _is_name(key.name):
        raise NotAWitnessKey
    if Witness.objects.filter(name=key.name).exists():
        raise KeyKnown
    try:
        with transaction.atomic():
            witness = Witness.objects.create(
                name=key.name, key_line=key.line, registered_by=by, registered_at=timezone.now()
            )
    except IntegrityError as error:
        raise KeyKnown from error
    record(
        Action.WITNESS_REGISTERED,
        subject=Subject("witness", str(witness.pk), 1),
        reason=key.name,
        evidence=Evidence(digests={"witness_key": key.line}),
    )
    return witness


def store_countersignature(*, untrusted_note: str, by: str) -> Cosignature:
    """Check an uploaded note and keep its counter-signature. A refusal is recorded, then raised as a WitnessError."""
    try:
        with transaction.atomic():
            return _store(untrusted_note, by=by)
    except WitnessError as error:
        record_apart(Action.CHECKPOINT_COUNTERSIGNED, subject=Subject("checkpoint"), reason=error.code)
        raise


def _store(untrusted_note: str, *, by: str) -> Cosignature:
    note, body = _parsed(untrusted_note)
    checkpoint = Checkpoint.objects.filter(size=body.size).first()
    if checkpoint is None:
        raise UnknownCheckpoint
    # Equal bodies make it consistent: the log that the box keeps leads from this very checkpoint to its newest one.
    if Note.parse(checkpoint.note).body != note.body:
        raise BodyDiffers
    witness, seconds = _signer(note)
    if not body.time_us // 1_000_000 - _tolerance() <= seconds <= timezone.now().timestamp() + _tolerance():
        raise SignedInTheFuture
    try:
        with transaction.atomic():
            kept = Cosignature.objects.create(
                checkpoint=checkpoint,
                witness=witness,
                signed_s=seconds,
                line=_line_of(note, PublicKey.parse(witness.key_line)),
                received_by=by,
                received_at=timezone.now(),
            )
    except IntegrityError as error:
        raise AlreadySigned from error
    record(
        Action.CHECKPOINT_COUNTERSIGNED,
        subject=Subject("checkpoint", str(body.size)),
        reason=witness.name,
        evidence=Evidence(digests={"body": body.digest, "root": body.root.hex(), "witness_key": witness.key_line}),
    )
    return kept


def _parsed(untrusted_note: str) -> tuple[Note, CheckpointBody]:
    try:
        note = Note.parse(untrusted_note)
        return note, CheckpointBody.parse(note.body)
    except BadNote as error:
        raise NotACheckpoint from error


def _signer(note: Note) -> tuple[Witness, int]:
    """The first registered witness whose signature is valid, and when it signed (seconds since 1970)."""
    for witness in Witness.objects.order_by("pk"):
        seconds = note.cosigned_at(PublicKey.parse(witness.key_line))
        if seconds is not None:
            return witness, seconds
    raise NoSignatureFits


def _line_of(note: Note, key: PublicKey) -> str:
    """Of two lines by one witness the valid one: the same choice as `cosigned_at` makes."""
    alone = (Note(note.body, (line,)) for line in note.signatures)
    return next(single.signatures[0].text for single in alone if single.cosigned_at(key) is not None)


def _is_name(untrusted: str) -> bool:
    """What a signature line can carry, and nothing that looks like the log's own name."""
    return untrusted.isprintable() and not any(sign.isspace() for sign in untrusted) and "/" not in untrusted


def _tolerance() -> int:
    return int(CLOCKS_MAY_DIFFER.total_seconds())
