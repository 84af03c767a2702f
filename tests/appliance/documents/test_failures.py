from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import doorbell, failures
from appliance.documents.errors import WorkerLost
from appliance.documents.extracting import begin_extraction
from appliance.documents.jobs import StaleClaim
from appliance.documents.models import Document, Job, JobState, Stage
from appliance.documents.reading import ReadingWork, begin_reading
from appliance.documents.states import State
from extraction.errors import BrokenFile, ModelUnavailable, PasswordNeeded, ReaderCrashed
from tests.appliance.documents import made


class Bell:
    def __init__(self) -> None:
        self.rung: list[int] = []

    def send_task(self, name: str, *, args: list[int], queue: str) -> None:
        self.rung += args


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    bell = Bell()
    monkeypatch.setattr(doorbell, "current_app", bell)
    return bell


def make_due(**columns: object) -> None:
    past = timezone.now() - timedelta(hours=1)
    Job.objects.update(lease_until=past, created_at=past, **columns)


def begun(document: Document) -> ReadingWork:
    work = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
    assert work is not None
    return work


def test_damaged_file_is_set_aside_at_once(clara: Person) -> None:
    work = begun(made.uploaded(clara))

    document = failures.fail(claim=work.claim, error=BrokenFile())

    assert (document.state, document.error_code) == (State.QUARANTINED, "broken_file")
    assert document.jobs.get().state == JobState.FAILED
    assert AuditEvent.objects.filter(action="document_quarantined", outcome="failed", reason="broken_file").count() == 1


def test_protected_file_waits_for_a_copy_without_password(clara: Person) -> None:
    work = begun(made.uploaded(clara))

    assert failures.fail(claim=work.claim, error=PasswordNeeded()).state == State.NEEDS_PASSWORD


def test_crash_is_tried_three_times_and_then_set_aside(clara: Person) -> None:
    document = made.uploaded(clara)
    seen = []
    for _ in range(3):
        seen.append(failures.fail(claim=begun(document).claim, error=ReaderCrashed()).state)
        make_due()

    assert seen == [State.RECEIVED, State.RECEIVED, State.QUARANTINED]
    assert begin_reading(job_id=Job.objects.get().pk) is None


def test_missing_model_puts_the_document_back_to_read(clara: Person) -> None:
    work = begin_extraction(job_id=made.job_of(made.read(clara), Stage.EXTRACT).pk)
    assert work is not None

    assert failures.fail(claim=work.claim, error=ModelUnavailable()).state == State.READ


def test_waiting_for_a_model_counts_no_attempt_and_is_logged_once(clara: Person) -> None:
    document = made.read(clara)
    job = made.job_of(document, Stage.EXTRACT)

    for _ in range(5):
        failures.wait_for_model(job_id=job.pk, error=ModelUnavailable())
        make_due()

    document.refresh_from_db()
    job.refresh_from_db()
    assert (document.state, document.error_code) == (State.READ, "model_unavailable")
    assert (job.state, job.attempt, job.last_error) == (JobState.WAITING, 0, "model_unavailable")
    assert AuditEvent.objects.filter(reason="model_unavailable", outcome="failed").count() == 1


def test_document_that_waited_for_a_model_is_extracted_when_there_is_one(clara: Person) -> None:
    document = made.read(clara)
    job = made.job_of(document, Stage.EXTRACT)
    failures.wait_for_model(job_id=job.pk, error=ModelUnavailable())
    assert begin_extraction(job_id=job.pk) is None  # control: not before its time
    make_due()

    work = begin_extraction(job_id=job.pk)

    assert work is not None
    assert (work.document.state, work.document.error_code, work.claim.attempt) == (State.EXTRACTING, "", 1)


def test_extraction_that_was_cut_short_goes_back_to_wait_for_a_model(clara: Person) -> None:
    document = made.read(clara)
    job = made.job_of(document, Stage.EXTRACT)
    begin_extraction(job_id=job.pk)
    make_due()

    failures.wait_for_model(job_id=job.pk, error=ModelUnavailable())

    document.refresh_from_db()
    assert (document.state, document.error_code) == (State.READ, "model_unavailable")


def test_job_that_a_worker_holds_does_not_wait_for_a_model(clara: Person) -> None:
    work = begin_extraction(job_id=made.job_of(made.read(clara), Stage.EXTRACT).pk)
    assert work is not None

    failures.wait_for_model(job_id=work.claim.job_id, error=ModelUnavailable())

    assert Document.objects.get().state == State.EXTRACTING
    assert Job.objects.get(pk=work.claim.job_id).state == JobState.RUNNING


def test_failure_of_a_lost_lease_is_not_recorded(clara: Person) -> None:
    document = made.uploaded(clara)
    old = begun(document)
    make_due()
    begun(document)

    with pytest.raises(StaleClaim):
        failures.fail(claim=old.claim, error=BrokenFile())
    document.refresh_from_db()
    assert document.state == State.READING


def test_sweep_rings_for_a_job_that_nobody_heard_of(clara: Person, bell: Bell) -> None:
    made.uploaded(clara)
    make_due()

    assert failures.sweep() == (1, 0)
    assert bell.rung == [Job.objects.get().pk]


def test_sweep_rings_for_a_worker_that_died(clara: Person, bell: Bell) -> None:
    begun(made.uploaded(clara))
    assert failures.sweep() == (0, 0)  # control: its lease is alive
    make_due()

    assert failures.sweep() == (1, 0)


def test_sweep_leaves_a_fresh_job_to_its_first_ring(clara: Person, bell: Bell) -> None:
    made.uploaded(clara)

    assert failures.sweep() == (0, 0)


def test_sweep_sets_aside_what_killed_its_worker_too_often(clara: Person, bell: Bell, settings: Settings) -> None:
    document = made.uploaded(clara)
    begun(document)
    make_due(attempt=settings.JOB_MAX_ATTEMPTS)

    assert failures.sweep() == (0, 1)
    document.refresh_from_db()
    assert (document.state, document.error_code) == (State.QUARANTINED, WorkerLost.code)


def test_sweep_rings_for_the_oldest_only(clara: Person, bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "RUNGS", 2)
    for number in range(3):
        made.uploaded(clara, f"receipt number {number}".encode())
    make_due()

    assert failures.sweep() == (2, 0)
