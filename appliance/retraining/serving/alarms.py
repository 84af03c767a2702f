"""The alarm that another model than the one in force answers: raised by the worker that finds it out, closed by it."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.record import Evidence, Subject, record
from appliance.documents.model_holder import Serving
from appliance.retraining.models import ServingAlarm
from extraction.errors import ModelUnavailable


def open_alarms() -> QuerySet[ServingAlarm]:
    """The one of all types first, then by type."""
    return ServingAlarm.objects.filter(closed_at=None).order_by("document_type")


def note(serving: Serving, document_type: str) -> None:
    """Before each document of a type. Writes only when something has changed: one alarm and one record each time."""
    if not _is_known(_about(serving, document_type), serving):
        _write(serving, document_type)


@transaction.atomic
def _write(serving: Serving, document_type: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('retraining.serving', 0))")
    alarms = _about(serving, document_type)
    if _is_known(alarms, serving):  # another worker was quicker
        return
    ServingAlarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(closed_at=timezone.now())
    if serving.trouble:
        ServingAlarm.objects.create(
            document_type=serving.document_type,
            digest=serving.in_force,
            serving=_answering(serving),
            reason=serving.trouble,
        )
        _record(Action.MODEL_FELL_BACK, serving, outcome=Outcome.FAILED, reason=ModelUnavailable.code)
    else:
        _record(Action.MODEL_RECOVERED, serving)


def _about(serving: Serving, document_type: str) -> list[ServingAlarm]:
    """Open alarms that this answer speaks of. Where the model of all types answers, a type's own is not in force."""
    whose = {serving.document_type, document_type} if not serving.document_type else {document_type}
    return list(open_alarms().filter(document_type__in=whose))


def _is_known(alarms: list[ServingAlarm], serving: Serving) -> bool:
    told = [(alarm.document_type, alarm.digest, alarm.serving) for alarm in alarms]
    expected = [(serving.document_type, serving.in_force, _answering(serving))] if serving.trouble else []
    return told == expected


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
