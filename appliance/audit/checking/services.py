"""A check of the log from the button to its answer. One at a time; a check whose worker went away is ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.checking.errors import CheckBusy
from appliance.audit.checking.models import CheckState, LogCheck, Verdict
from appliance.audit.checking.running import Answer
from appliance.audit.record import Subject, record

SILENT_FOR = timedelta(minutes=2)
"""A worker gives a sign of life every few seconds."""
UNTAKEN_FOR = timedelta(minutes=15)


@transaction.atomic
def ask_for_check(*, by: str) -> LogCheck:
    """Begin a check; the caller rings for it. Raises CheckBusy while another one is open."""
    _end_abandoned(timezone.now())
    try:
        with transaction.atomic():
            check = LogCheck.objects.create(asked_by=by)
    except IntegrityError as error:
        raise CheckBusy from error
    record(Action.LOG_CHECK_ASKED, subject=Subject("log_check", str(check.pk)))
    return check


def take_up(*, check_id: int) -> bool:
    """Whether the check is this worker's now. A message that comes twice is taken up once."""
    waiting = LogCheck.objects.filter(pk=check_id, state=CheckState.WAITING, is_open=True)
    return bool(waiting.update(state=CheckState.WRITING, renewed_at=timezone.now()))


def renew(*, check_id: int, state: CheckState, size: int, written: int) -> None:
    """A sign of life, with how far it is: `written` of `size` records are copied."""
    open_ones = LogCheck.objects.filter(pk=check_id, is_open=True)
    open_ones.update(state=state, size=size, written=written, renewed_at=timezone.now())


@transaction.atomic
def finish(*, check_id: int, answer: Answer) -> None:
    """Keep and record the answer, once: an answer to a check that was ended meanwhile is dropped."""
    check = LogCheck.objects.select_for_update().filter(pk=check_id, is_open=True).first()
    if check is None:
        return
    check.state, check.is_open, check.finished_at = CheckState.DONE, False, timezone.now()
    check.verdict, check.kind, check.index = answer.verdict, answer.kind, answer.index
    check.checkpoints, check.anchors = answer.checkpoints, answer.anchors
    if answer.verdict == Verdict.OK:
        check.size = answer.entries  # else it is how far the verifier came, which says nothing to a person
    check.message = answer.message
    check.save()
    _record_answer(check)


def _record_answer(check: LogCheck) -> None:
    found = f"{check.verdict or 'no answer'}"
    if check.kind:
        found += f": {check.kind}" + ("" if check.index is None else f" at {check.index}")
    record(
        Action.LOG_CHECKED,
        subject=Subject("log_check", str(check.pk)),
        outcome=Outcome.DONE if check.verdict == Verdict.OK else Outcome.FAILED,
        reason=f"{found}, {check.size} entries, asked by {check.asked_by}",
    )


def _end_abandoned(now: datetime) -> None:
    silent = Q(renewed_at__lt=now - SILENT_FOR) & ~Q(state=CheckState.WAITING)
    untaken = Q(renewed_at__lt=now - UNTAKEN_FOR, state=CheckState.WAITING)
    for check in LogCheck.objects.select_for_update().filter(silent | untaken, is_open=True):
        check.state, check.is_open, check.finished_at = CheckState.STOPPED, False, now
        check.message = "The check was cut short: the worker that ran it was stopped."
        check.save()
        _record_answer(check)
