"""The one place where a document's row changes: compare-and-set, one version up, one audit record.

Call it inside the transaction of the change. Who comes second gets IllegalTransition and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.record import NOTHING, Evidence, Subject, record
from appliance.compliance.holding import cover_by_name
from appliance.documents.models import Document
from appliance.documents.states import IllegalTransition, State, check_transition


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to a document. `to` is None where the state stays."""

    action: Action
    to: State | None = None
    reason: str = ""
    evidence: Evidence = NOTHING
    outcome: Outcome = Outcome.DONE


def change(document: Document, step: Step, **columns: Any) -> Document:
    """Take the step and set the columns; `document` is refreshed in place.

    Raises IllegalTransition when the step is not in the table or the row has changed since `document` was loaded.
    """
    if step.to is not None:
        check_transition(State(document.state), step.to)
        columns["state"] = step.to
    unchanged = Document.objects.filter(pk=document.pk, state=document.state, version=document.version)
    columns["changed_at"] = timezone.now()
    if not unchanged.update(version=F("version") + 1, **columns):
        raise IllegalTransition(f"document {document.pk} was changed by somebody else")
    for name, value in columns.items():
        setattr(document, name, value)
    document.version += 1
    if "document_type_id" in columns:
        cover_by_name(document)
    record(
        step.action,
        subject=subject_of(document),
        outcome=step.outcome,
        reason=step.reason,
        evidence=step.evidence,
    )
    return document


def subject_of(document: Document) -> Subject:
    return Subject("document", str(document.pk), document.version)


def locked(document_id: UUID) -> Document:
    """The row as it is now, locked until the transaction ends. Raises Document.DoesNotExist."""
    return Document.objects.select_for_update().get(pk=document_id)
