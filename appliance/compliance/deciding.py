"""The second person: approving carries the act out in the same transaction; refusing and expiring do nothing else.

A request is taken by compare-and-set, so a double click, or two officers at once, do the act once.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, may
from appliance.audit.actions import Action
from appliance.audit.canonical import commitment
from appliance.audit.record import Evidence, record, record_apart
from appliance.compliance.acts import carry_out
from appliance.compliance.asking import subject_of
from appliance.compliance.errors import AlreadyDecided, ComplianceError, MayNotDecide, OwnRequest, RequestExpired
from appliance.compliance.models import Approval, ApprovalState

ACTIONS = {
    ApprovalState.APPROVED: Action.APPROVAL_GRANTED,
    ApprovalState.REFUSED: Action.APPROVAL_REFUSED,
    ApprovalState.WITHDRAWN: Action.APPROVAL_WITHDRAWN,
    ApprovalState.EXPIRED: Action.APPROVAL_EXPIRED,
}


def approve(*, approval_id: int, by: Person, words: str) -> Approval:
    """Carry the act out. A second click of the same person changes nothing and gives the same answer.

    Raises OwnRequest, MayNotDecide, AlreadyDecided, RequestExpired, or why the act itself is refused (UnderHold,
    BusyDocuments, HoldReleased, ModelUnsound ...); then nothing was done, the refusal is in the log, and the request
    still waits.
    """
    try:
        with transaction.atomic():
            approval = _locked(approval_id)
            if _is_repeated(approval, ApprovalState.APPROVED, by):
                return approval
            _refuse_wrong_person(approval, by)
            _move(approval, ApprovalState.APPROVED, by=by, words=words)
            carry_out(approval)
    except ComplianceError as error:
        _note_refusal(approval_id, error)
        raise
    return approval


def refuse(*, approval_id: int, by: Person, words: str) -> Approval:
    """Raises OwnRequest (who asked withdraws instead), MayNotDecide, AlreadyDecided or RequestExpired."""
    try:
        with transaction.atomic():
            approval = _locked(approval_id)
            if _is_repeated(approval, ApprovalState.REFUSED, by):
                return approval
            _refuse_wrong_person(approval, by)
            _move(approval, ApprovalState.REFUSED, by=by, words=words)
    except ComplianceError as error:
        _note_refusal(approval_id, error)
        raise
    return approval


@transaction.atomic
def withdraw(*, approval_id: int, by: Person) -> Approval:
    """By the one who asked. Raises MayNotDecide, AlreadyDecided or RequestExpired."""
    approval = _locked(approval_id)
    if approval.asked_by_id != by.pk:
        raise MayNotDecide
    if not _is_repeated(approval, ApprovalState.WITHDRAWN, by):
        _move(approval, ApprovalState.WITHDRAWN, by=by, words="")
    return approval


def expire() -> int:
    """Close the requests that waited too long; returns how many."""
    overdue = Approval.objects.filter(state=ApprovalState.WAITING, expires_at__lte=timezone.now())
    return sum(_expire_one(approval_id) for approval_id in list(overdue.values_list("pk", flat=True)))


def is_same_person(one: Person, other: Person) -> bool:
    """The same account, or a second one that bears the same full name or the same e-mail address."""
    if one.pk == other.pk:
        return True
    names = {" ".join(person.get_full_name().casefold().split()) for person in (one, other)}
    mails = {person.email.casefold() for person in (one, other)}
    return (len(names) == 1 and names != {""}) or (len(mails) == 1 and mails != {""})


@transaction.atomic
def _expire_one(approval_id: int) -> int:
    waiting = Approval.objects.select_for_update(skip_locked=True).filter(pk=approval_id, state=ApprovalState.WAITING)
    approval = waiting.first()
    if approval is None:
        return 0
    _close(approval, ApprovalState.EXPIRED, by=None, words="")
    return 1


def _locked(approval_id: int) -> Approval:
    return Approval.objects.select_for_update().get(pk=approval_id)


def _is_repeated(approval: Approval, state: ApprovalState, by: Person) -> bool:
    return approval.state == state and approval.decided_by_id == by.pk


def _refuse_wrong_person(approval: Approval, by: Person) -> None:
    now = Person.objects.get(pk=by.pk)  # as they are at this moment, not when they logged in
    if not now.is_active or not may(now, Permission.DECIDE_APPROVALS):
        raise MayNotDecide
    if approval.asked_by is not None and is_same_person(approval.asked_by, now):
        raise OwnRequest


def _move(approval: Approval, to: ApprovalState, *, by: Person, words: str) -> None:
    if approval.state == ApprovalState.EXPIRED:
        raise RequestExpired
    if approval.state != ApprovalState.WAITING:
        raise AlreadyDecided
    if approval.expires_at <= timezone.now():
        raise RequestExpired
    _close(approval, to, by=by, words=words)


def _close(approval: Approval, to: ApprovalState, *, by: Person | None, words: str) -> None:
    approval.decided_by, approval.decided_at, approval.words = by, timezone.now(), words
    waiting = Approval.objects.filter(pk=approval.pk, state=ApprovalState.WAITING, version=approval.version)
    taken = waiting.update(
        state=to, decided_by=by, decided_at=approval.decided_at, words=words, version=F("version") + 1
    )
    if not taken:
        raise AlreadyDecided
    approval.state = to
    approval.version += 1
    evidence = Evidence(commitments={"words": commitment(words, approval.salt)})
    record(ACTIONS[to], subject=subject_of(approval), reason=str(approval.kind), evidence=evidence)


def _note_refusal(approval_id: int, error: ComplianceError) -> None:
    """After the rollback, or the attempt would leave no trace."""
    record_apart(Action.APPROVAL_GRANTED, subject=subject_of(Approval.objects.get(pk=approval_id)), reason=error.code)
