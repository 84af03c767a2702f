"""A second reviewer's word on a conflict."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.datasets.errors import ConflictGone, OwnConflict
from appliance.retraining.models import Conflict


@transaction.atomic
def decide_conflict(*, conflict_id: int, by: Person, answer_id: int | None) -> Conflict:
    """Choose one of the answers, or none of them (None): then the path of these documents trains nothing.

    Raises OwnConflict where one of the answers is this person's, ConflictGone where there is nothing to decide.
    """
    conflict = Conflict.objects.select_for_update().filter(pk=conflict_id, decided_at=None).first()
    answers = {answer.pk: answer for answer in conflict.answers.select_related("document")} if conflict else {}
    if conflict is None or (answer_id is not None and answer_id not in answers):
        raise ConflictGone
    if by.pk in {answer.answered_by_id for answer in answers.values()}:
        raise OwnConflict
    conflict.chosen, conflict.decided_by, conflict.decided_at = answers.get(answer_id or 0), by, timezone.now()
    conflict.save(update_fields=["chosen", "decided_by", "decided_at"])
    originals = sorted({answer.document.sha256 for answer in answers.values()})
    record(
        Action.CONFLICT_DECIDED,
        subject=Subject("conflict", str(conflict.pk), 1),
        reason=f"{conflict.path}: {'one of the answers' if conflict.chosen else 'none of them'}",
        evidence=Evidence(digests={f"original {at}": sha256 for at, sha256 in enumerate(originals, start=1)}),
    )
    return conflict
