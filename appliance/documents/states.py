"""The life of a document: its states and the only legal transitions between them."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    RECEIVED = "received", "Received"
    READING = "reading", "Reading"
    READ = "read", "Read"
    EXTRACTING = "extracting", "Extracting"
    TO_REVIEW = "to_review", "To review"
    ACCEPTED = "accepted", "Accepted"
    EXPORTED = "exported", "Exported"
    QUARANTINED = "quarantined", "Set aside"
    NEEDS_PASSWORD = "needs_password", "Needs password"
    DUPLICATE = "duplicate", "Duplicate"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.READING, State.QUARANTINED}),
    State.READING: frozenset({State.READ, State.RECEIVED, State.QUARANTINED, State.NEEDS_PASSWORD}),
    State.READ: frozenset({State.EXTRACTING, State.QUARANTINED}),
    State.EXTRACTING: frozenset({State.TO_REVIEW, State.ACCEPTED, State.READ, State.QUARANTINED}),
    State.TO_REVIEW: frozenset({State.ACCEPTED, State.EXTRACTING, State.QUARANTINED}),
    State.ACCEPTED: frozenset({State.EXPORTED, State.TO_REVIEW}),
    State.EXPORTED: frozenset({State.EXPORTED, State.TO_REVIEW}),
    State.QUARANTINED: frozenset({State.RECEIVED, State.READ}),
    State.NEEDS_PASSWORD: frozenset({State.RECEIVED}),
    State.DUPLICATE: frozenset({State.RECEIVED}),
}


class IllegalTransition(Exception):
    """Somebody else moved the document first, or the step is not in the table."""


def check_transition(old: State, new: State) -> None:
    if new not in TRANSITIONS[old]:
        raise IllegalTransition(f"{old} -> {new}")
