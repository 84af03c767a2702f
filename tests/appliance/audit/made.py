"""Entries of the log, made in bulk or one by one."""

from __future__ import annotations

from django.db import transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.canonical import commitment
from appliance.audit.context import Actor, acting_as
from appliance.audit.models import AuditEvent
from appliance.audit.record import Evidence, Subject, record
from appliance.documents.models import Document
from appliance.review.models import Anchor, Decision, DecisionKind

FAR_AWAY = {"document_id": "00000000-0000-4000-8000-000000000000"}


def entry(action: Action = Action.LOGGED_IN, *, actor: str = "clara", **what: object) -> AuditEvent:
    with acting_as(Actor(actor, "clerk")), transaction.atomic():
        return record(action, **what)


def corrected(document: Document, by: Person, *, path: str = "total", after: str = "12.80") -> Decision:
    """A correction of a value and its record, as the review makes them."""
    extraction = document.extractions.get()
    before = extraction.values.get(path=path)
    decision = Decision.objects.create(
        document=document,
        extraction=extraction,
        path=path,
        kind=DecisionKind.CORRECTED,
        anchor=Anchor.SPAN,
        before_raw=before.raw,
        before_normal=before.normal,
        raw=after,
        normal=after,
        regions=before.regions,
        decided_by=by,
    )
    commitments = {
        "before": commitment(before.raw, decision.salt),
        "before_normal": commitment(before.normal, decision.salt),
        "after": commitment(after, decision.salt),
        "after_normal": commitment(after, decision.salt),
    }
    subject = Subject("document", str(document.pk), document.version + 1)
    entry(
        Action.VALUE_DECIDED,
        actor=by.username,
        subject=subject,
        reason=path,
        evidence=Evidence(commitments=commitments),
    )
    return decision
