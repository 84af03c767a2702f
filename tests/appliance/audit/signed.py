"""A signed log in the test's own transaction, and a counter-signer of its own."""

from __future__ import annotations

import time

from appliance.audit.log.sequencing import integrate, resume, sign
from appliance.audit.models import Checkpoint
from appliance.audit.tree.notes import WITNESS_KEY, Note
from appliance.audit.tree.signing import SigningKey

OLGAS_KEY = SigningKey.new("olga", WITNESS_KEY)


def sign_now() -> Checkpoint:
    """Put all that waits into the tree and sign it, as the sequencer does."""
    writer = resume()
    while integrate(writer):
        pass
    return sign(writer)


def countersigned(checkpoint: Checkpoint, key: SigningKey = OLGAS_KEY, *, seconds: int | None = None) -> str:
    """The text of the note with a witness's signature, as the verifier's `countersign` writes it."""
    note = Note.parse(checkpoint.note)
    line = key.cosignature(note.body, seconds=int(time.time()) if seconds is None else seconds)
    return Note(note.body, (*note.signatures, line)).text
