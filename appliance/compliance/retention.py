"""Retention: rules as data, changed by two persons where documents would go, and a nightly run that applies them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Subject, record
from appliance.compliance.asking import ask_deletion
from appliance.compliance.deletion import Order, delete_documents
from appliance.compliance.due import due
from appliance.compliance.errors import ComplianceError
from appliance.compliance.family import family_of
from appliance.compliance.holding import names_of_holds_on
from appliance.compliance.models import Approval, CountsFrom, RetentionRule
from appliance.document_types.models import DocumentType

IN_ONE_REQUEST = 500
"""As many as a person can still look through."""
IN_ONE_TRANSACTION = 50


@dataclass(frozen=True, slots=True)
class Run:
    """What a nightly run did with one rule: counts of documents."""

    type_name: str
    rehearsed: int = 0
    asked: int = 0
    deleted: int = 0


@transaction.atomic
def keep(*, by: Person, document_type: DocumentType) -> RetentionRule:
    """Stop deleting documents of the type. At once and by one person: keeping can be undone, deleting cannot."""
    rule, _ = RetentionRule.objects.select_for_update().get_or_create(document_type=document_type)
    rule.days, rule.automatic, rule.approval = None, False, None
    return _save(rule, why=f"by {by.username[:64]}")


@transaction.atomic
def set_rule(approval: Approval) -> None:
    """The act of an approved request. It is rehearsed once before it deletes anything."""
    document_type = DocumentType.objects.get(name=approval.subject)
    rule, _ = RetentionRule.objects.select_for_update().get_or_create(document_type=document_type)
    rule.days = approval.details["days"]
    rule.counts_from = CountsFrom(approval.details["counts_from"])
    rule.automatic = approval.details["automatic"]
    rule.approval = approval
    _save(rule, why=f"approval {approval.pk}")


def run_all() -> list[Run]:
    """Apply every rule that deletes. May be repeated: what is asked for or gone is not touched again."""
    rules = RetentionRule.objects.exclude(days=None).select_related("document_type").order_by("document_type__name")
    return [_run(rule) for rule in rules]


def in_words(rule: RetentionRule) -> str:
    """As the log and the pages say it."""
    if rule.days is None:
        return "kept"
    how = "deleted by itself" if rule.automatic else "deletion is asked for"
    days = "1 day" if rule.days == 1 else f"{rule.days} days"
    return f"{how} {days} after {CountsFrom(rule.counts_from).label}"


def _run(rule: RetentionRule) -> Run:
    if rule.rehearsed_at is None:
        return _rehearse(rule)
    return _delete(rule) if rule.automatic else _ask(rule)


@transaction.atomic
def _rehearse(rule: RetentionRule) -> Run:
    now = timezone.now()
    rule.rehearsed_at, rule.rehearsed_count = now, due(rule, now=now).count()
    rule.save(update_fields=["rehearsed_at", "rehearsed_count"])
    run = Run(rule.document_type.name, rehearsed=rule.rehearsed_count)
    _record_run(rule, f"rehearsal, nothing deleted: {run.rehearsed} due")
    return run


def _ask(rule: RetentionRule) -> Run:
    name, asked = rule.document_type.name, 0
    reason = f"Retention rule of {name}: {in_words(rule)}."
    for ids in _batches(rule, IN_ONE_REQUEST):
        ask_deletion(by=None, document_ids=ids, reason=reason)
        asked += len(ids)
    if asked:
        _record_run(rule, f"asked for the deletion of {asked}")
    return Run(name, asked=asked)


def _delete(rule: RetentionRule) -> Run:
    name, deleted = rule.document_type.name, 0
    order = Order(f"Retention rule of {name}: {in_words(rule)}.", by_rule=f"{name}: {in_words(rule)}"[:200])
    _record_run(rule, f"deletes {due(rule, now=timezone.now()).count()}")
    for ids in _batches(rule, IN_ONE_TRANSACTION):
        try:
            deleted += len(delete_documents(document_ids=ids, order=order))
        except ComplianceError as error:  # held, or taken up by a worker, a moment ago: the next night tries again
            _record_run(rule, f"{len(ids)} stay for now: {error.code}")
    return Run(name, deleted=deleted)


def _batches(rule: RetentionRule, size: int) -> Iterator[list[UUID]]:
    """What is due now, so many at a time."""
    due_ids = list(due(rule, now=timezone.now()).values_list("pk", flat=True))
    for start in range(0, len(due_ids), size):
        batch = due_ids[start : start + size]
        if names_of_holds_on(family_of(batch)):  # a duplicate or an attachment may be held where the document is not
            batch = [pk for pk in batch if not names_of_holds_on(family_of([pk]))]
        if batch:
            yield batch


@transaction.atomic
def _record_run(rule: RetentionRule, words: str) -> None:
    record(Action.RETENTION_RUN, subject=_subject_of(rule), reason=words)


def _save(rule: RetentionRule, *, why: str) -> RetentionRule:
    rule.rehearsed_at, rule.rehearsed_count = None, 0
    rule.version += 1
    rule.save()
    record(Action.RETENTION_CHANGED, subject=_subject_of(rule), reason=f"{in_words(rule)}, {why}")
    return rule


def _subject_of(rule: RetentionRule) -> Subject:
    return Subject("retention_rule", rule.document_type.name[:64], rule.version)
