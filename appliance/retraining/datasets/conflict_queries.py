"""Conflicts as a second reviewer sees them."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.accounts.models import Person
from appliance.retraining.models import Conflict, ConflictAnswer

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Row:
    """`is_mine`: one of the answers is this person's, so somebody else decides."""

    conflict: Conflict
    answers: tuple[ConflictAnswer, ...]
    is_mine: bool

    @property
    def is_one_document(self) -> bool:
        return len({answer.document_id for answer in self.answers}) == 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """The oldest first, those that this person may decide before the others."""

    rows: tuple[Row, ...]
    count: int


def waiting_for(person: Person) -> Waiting:
    """SHOWN at most; `count` of all."""
    conflicts = Conflict.objects.filter(decided_at=None).select_related("document_type")
    found = conflicts.prefetch_related("answers__document", "answers__answered_by")
    rows = (_row(conflict, person) for conflict in found)
    ordered = sorted(rows, key=lambda row: row.is_mine)
    return Waiting(tuple(ordered[:SHOWN]), len(ordered))


def _row(conflict: Conflict, person: Person) -> Row:
    answers = tuple(conflict.answers.all())
    return Row(conflict, answers, any(answer.answered_by_id == person.pk for answer in answers))
