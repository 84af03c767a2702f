"""Runs that ask for themselves: on their evening, once, with enough new documents, and never more than that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.retraining.models import RunState, Schedule, TrainingRun
from appliance.retraining.runs import schedules, tasks
from appliance.retraining.runs.tasks import work_on
from tests.appliance.retraining.datasets.made import receipt_type, several
from tests.appliance.retraining.runs.made import FakeWorkshop

pytestmark = pytest.mark.django_db
SUNDAY_NIGHT = datetime(2026, 3, 8, 22, tzinfo=UTC)
COMPANIES = tuple(f"Company {letter} Ltd" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.fixture
def schedule(base: str) -> Schedule:
    return Schedule.objects.create(document_type=receipt_type(), weekdays=[6], least_new_documents=10)


def test_on_its_evening_with_enough_documents_it_asks_for_a_run(schedule: Schedule, clara: Person) -> None:
    several(clara, 30, companies=COMPANIES)

    (run,) = schedules.begin_due_runs(SUNDAY_NIGHT)

    assert (run.schedule, run.asked_by, run.options["window"]) == (schedule, None, {"from_hour": 20, "until_hour": 6})
    assert run.snapshot.entries.count() > 20
    assert AuditEvent.objects.get(action="run_asked").reason == "schedule of receipt"
    assert schedules.begin_due_runs(SUNDAY_NIGHT + timedelta(minutes=10)) == []  # once a night


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (SUNDAY_NIGHT, True),
        (SUNDAY_NIGHT + timedelta(hours=5), True),
        (SUNDAY_NIGHT + timedelta(hours=9), False),
        (SUNDAY_NIGHT - timedelta(hours=20), False),
        (SUNDAY_NIGHT + timedelta(days=1), False),
    ],
    ids=["evening", "after midnight", "morning", "the night before", "Monday evening"],
)
def test_its_night_ends_in_the_morning(schedule: Schedule, clara: Person, now: datetime, is_due: bool) -> None:
    several(clara, 12, companies=COMPANIES)
    assert schedules.is_due(schedule, now) is is_due


def test_too_few_new_documents_are_no_reason(schedule: Schedule, clara: Person) -> None:
    several(clara, 9, companies=COMPANIES)
    assert not schedules.is_due(schedule, SUNDAY_NIGHT)
    several(clara, 1, companies=COMPANIES, first=9)
    assert schedules.is_due(schedule, SUNDAY_NIGHT)  # control


def test_one_that_is_off_or_at_work_asks_for_nothing(schedule: Schedule, clara: Person) -> None:
    several(clara, 30, companies=COMPANIES)
    Schedule.objects.update(is_on=False)
    assert schedules.begin_due_runs(SUNDAY_NIGHT) == []
    Schedule.objects.update(is_on=True)
    assert len(schedules.begin_due_runs(SUNDAY_NIGHT)) == 1
    TrainingRun.objects.update(asked_at=SUNDAY_NIGHT - timedelta(days=7))
    assert schedules.begin_due_runs(SUNDAY_NIGHT) == []  # the run of last week still waits


def test_what_cannot_be_begun_leaves_nothing_behind(schedule: Schedule, clara: Person) -> None:
    several(clara, 12, companies=COMPANIES[:1])
    Schedule.objects.update(least_new_documents=1)
    begun = schedules.begin_due_runs(SUNDAY_NIGHT)
    assert len(begun) == TrainingRun.objects.count()
    tasks.begin_scheduled_runs()  # in its own hours it does nothing, and never raises


@pytest.mark.django_db(transaction=True)
def test_outside_of_its_hours_a_run_rests_and_counts_no_failure(
    schedule: Schedule, clara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(clara, 30, companies=COMPANIES)
    (run,) = schedules.begin_due_runs(SUNDAY_NIGHT)
    closed = {"from_hour": (datetime.now(UTC).hour + 2) % 24, "until_hour": (datetime.now(UTC).hour + 3) % 24}
    TrainingRun.objects.update(not_before=None, options={**run.options, "window": closed})

    work_on(run.pk, FakeWorkshop())

    run.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.WAITING, 0)
    assert run.not_before is not None
    assert run.not_before > datetime.now(UTC)
    assert "outside of its hours" in AuditEvent.objects.get(action="run_stopped").reason
    work_on(run.pk, FakeWorkshop())
    assert AuditEvent.objects.filter(action="run_stopped").count() == 1  # it is not even taken up before its hour
