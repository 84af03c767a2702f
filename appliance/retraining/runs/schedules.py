"""Runs that ask for themselves: on their nights, when enough newly reviewed documents are there. None promotes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Subject, record
from appliance.document_types.models import DocumentType
from appliance.retraining.datasets.queries import new_documents
from appliance.retraining.models import Preset, RunState, Schedule, TrainingRun
from appliance.retraining.runs import bases, services
from appliance.retraining.runs.errors import NotTrainable, ScheduleChanged
from appliance.retraining.runs.options import of_preset
from appliance.retraining.runs.snapshots import fresh_snapshot
from appliance.retraining.runs.window import Window
from extraction.errors import StrongroomError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WantedSchedule:
    """`weekdays`: 0 is Monday; the day on which the window opens. `version`: the one that the person saw."""

    is_on: bool
    weekdays: tuple[int, ...]
    window: Window
    least_new_documents: int
    preset: Preset
    version: int = 0


@transaction.atomic
def change_schedule(*, by: Person, document_type: DocumentType, wanted: WantedSchedule) -> Schedule:
    """Make or change the schedule of a type. Raises ScheduleChanged."""
    DocumentType.objects.select_for_update().get(pk=document_type.pk)
    schedule = Schedule.objects.filter(document_type=document_type).first() or Schedule(document_type=document_type)
    if schedule.version != wanted.version:
        raise ScheduleChanged
    schedule.is_on, schedule.weekdays = wanted.is_on, sorted(set(wanted.weekdays))
    schedule.from_hour, schedule.until_hour = wanted.window.from_hour, wanted.window.until_hour
    schedule.least_new_documents, schedule.preset = wanted.least_new_documents, wanted.preset
    schedule.changed_by, schedule.version = by, schedule.version + 1
    schedule.save()
    record(Action.SCHEDULE_CHANGED, subject=_subject(schedule), reason=words_of(schedule))
    return schedule


def begin_due_runs(now: datetime) -> list[TrainingRun]:
    """Ask for a run of each schedule whose night has come."""
    begun: list[TrainingRun] = []
    for schedule in Schedule.objects.filter(is_on=True).select_related("document_type"):
        try:
            begun += [_begin(schedule)] if is_due(schedule, now) else []
        except StrongroomError as error:
            log.warning("the schedule of %s cannot begin a run: %s", schedule.document_type.name, error.code)
    return begun


def is_due(schedule: Schedule, now: datetime) -> bool:
    """Its night has come, it has not asked in it yet, none of its runs is under way, and there is enough to learn."""
    window = Window(schedule.from_hour, schedule.until_hour)
    if not window.is_open(now) or _opening_day(window, now) not in schedule.weekdays:
        return False
    newest = schedule.runs.order_by("-asked_at").first()
    if newest and (newest.state in {RunState.WAITING, RunState.RUNNING} or newest.asked_at > now - timedelta(hours=24)):
        return False
    return new_since_last(schedule) >= schedule.least_new_documents


def new_since_last(schedule: Schedule) -> int:
    """Documents reviewed since the last snapshot that a run of this type was made on."""
    last = (
        TrainingRun.objects.filter(snapshot__type_version__document_type=schedule.document_type)
        .exclude(state=RunState.FAILED)
        .order_by("-snapshot__made_at")
        .first()
    )
    return new_documents(schedule.document_type, last.snapshot.made_at if last else None)


def words_of(schedule: Schedule) -> str:
    """For the log and the page."""
    if not schedule.is_on:
        return "off"
    days = ", ".join(DAYS[day] for day in schedule.weekdays) or "no day"
    window = Window(schedule.from_hour, schedule.until_hour)
    return f"{days}, {window}, from {schedule.least_new_documents} new documents on, {schedule.preset}"


@transaction.atomic
def _begin(schedule: Schedule) -> TrainingRun:
    """Raises a StrongroomError; then nothing of it stays, the snapshot neither."""
    base = bases.in_force()
    if base is None:
        raise NotTrainable
    preset = Preset(schedule.preset)
    options = of_preset(preset, window=Window(schedule.from_hour, schedule.until_hour))
    snapshot = fresh_snapshot(by=None, document_type=schedule.document_type)
    return services.ask_run(by=None, wanted=services.Wanted(snapshot, base.digest, preset, options, schedule))


def _opening_day(window: Window, now: datetime) -> int:
    """The weekday on which the window opened that is open now."""
    local = timezone.localtime(now)
    began_yesterday = window.from_hour >= window.until_hour and local.hour < window.from_hour
    return (local - timedelta(days=int(began_yesterday))).weekday()


def _subject(schedule: Schedule) -> Subject:
    return Subject("training_schedule", schedule.document_type.name[:64], schedule.version)
