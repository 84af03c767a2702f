"""Looking at training data is an act too: who looked at what, written into the log."""

from __future__ import annotations

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Subject, record


@transaction.atomic
def note_data_viewed(*, about: str, kind: str = "training_data") -> None:
    """`about` is ours: the name of a type or page, the digest of a snapshot."""
    record(Action.DATASET_VIEWED, subject=Subject(kind, about))
