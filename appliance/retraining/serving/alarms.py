"""The alarm that another model than the one in force answers: raised by the worker that finds it out, closed by it."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.record import Evidence, Subject, record
from appliance.documents.model_holder import Serving
from appliance.retraining.models import ServingAlarm
from extraction.errors import ModelUnavailable


def open_alarm() -> ServingAlarm | None:
    return ServingAlarm.objects.filter(closed_at=None).first()


def note(serving: Serving) -> None:
    """Before each document. Writes only when something has changed: one alarm and one record each time."""
    if not _is_known(open_alarm(), serving):
        _write(serving)


@transaction.atomic
def _write(serving: Serving) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('retraining.serving', 0))")
    alarm = open_alarm()
    if _is_known(alarm, serving):  # another worker was quicker
        return
    if alarm is not None:
        ServingAlarm.objects.filter(pk=alarm.pk).update(closed_at=timezone.now())
    if serving.trouble:
        ServingAlarm.objects.create(digest=serving.in_force, serving=_answering(serving), reason=serving.trouble)
        _record(Action.MODEL_FELL_BACK, serving, outcome=Outcome.FAILED, reason=ModelUnavailable.code)
    else:
        _record(Action.MODEL_RECOVERED, serving)


def _is_known(alarm: ServingAlarm | None, serving: Serving) -> bool:
    if alarm is None:
        return not serving.trouble
    return bool(serving.trouble) and (alarm.digest, alarm.serving) == (serving.in_force, _answering(serving))


def _answering(serving: Serving) -> str:
    return serving.model.digest if serving.model else ""


def _record(action: Action, serving: Serving, *, outcome: Outcome = Outcome.DONE, reason: str = "") -> None:
    digests = {"model": serving.in_force, "serving": _answering(serving)}
    record(
        action,
        subject=Subject("model", serving.in_force),
        outcome=outcome,
        reason=reason,
        evidence=Evidence(digests={name: digest for name, digest in digests.items() if digest}),
    )
