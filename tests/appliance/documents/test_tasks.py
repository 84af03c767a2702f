from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import jobs, tasks
from appliance.documents.lease_keeper import kept_alive
from appliance.documents.models import Document, Job, Stage
from appliance.documents.reading import ReadingWork, begin_reading, store_reading
from appliance.documents.states import State
from extraction.errors import BrokenFile
from models_store import store
from tests.appliance.documents import made

pytestmark = pytest.mark.django_db(transaction=True)


def begun(document: Document) -> ReadingWork:
    work = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
    assert work is not None
    return work


@pytest.fixture
def silent_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.documents.jobs.ring_after_commit", lambda job: None)


def fails_with(error: Exception) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


@pytest.mark.usefixtures("silent_bell")
def test_typed_error_becomes_the_reason_of_the_document(clara: Person) -> None:
    work = begun(made.uploaded(clara))

    tasks.guarded(work.claim, fails_with(BrokenFile()))

    assert Document.objects.get().error_code == "broken_file"


@pytest.mark.usefixtures("silent_bell")
def test_any_bug_is_recorded_and_tried_again(clara: Person) -> None:
    work = begun(made.uploaded(clara))

    tasks.guarded(work.claim, fails_with(ZeroDivisionError("a bug")))

    assert Document.objects.get().state == State.RECEIVED
    assert Job.objects.get().last_error == "internal_error"
    assert AuditEvent.objects.filter(reason="internal_error", outcome="failed").count() == 1


@pytest.mark.usefixtures("silent_bell")
def test_worker_that_lost_its_lease_throws_its_result_away(clara: Person) -> None:
    work = begun(made.uploaded(clara))
    Job.objects.update(fencing_token=99)

    tasks.guarded(work.claim, lambda: _store(work))

    assert Document.objects.get().state == State.READING
    Job.objects.update(fencing_token=work.claim.token)
    tasks.guarded(work.claim, lambda: _store(work))  # control: with its lease it is stored
    assert Document.objects.get().state == State.READ


def _store(work: ReadingWork) -> None:
    store_reading(claim=work.claim, read=made.read_result())


@pytest.mark.usefixtures("silent_bell")
def test_message_of_a_job_that_is_done_does_nothing(clara: Person) -> None:
    work = begun(made.uploaded(clara))
    jobs.finish(work.claim)

    tasks.read_document(work.claim.job_id)
    tasks.extract_document(work.claim.job_id)

    assert Document.objects.get().version == work.document.version


@pytest.mark.usefixtures("silent_bell")
@pytest.mark.parametrize("pointer", [None, "damaged"])
def test_box_without_a_model_leaves_the_document_read(
    clara: Person, settings: Settings, tmp_path: Path, pointer: str | None
) -> None:
    settings.MODELS_STORE_ROOT = tmp_path
    if pointer is not None:
        (tmp_path / store.POINTER).write_text(pointer)
    document = made.read(clara)

    tasks.extract_document(made.job_of(document, Stage.EXTRACT).pk)

    document.refresh_from_db()
    assert (document.state, document.error_code) == (State.READ, "model_unavailable")
    assert made.job_of(document, Stage.EXTRACT).attempt == 0


@pytest.mark.usefixtures("silent_bell")
def test_lease_is_renewed_while_the_work_lasts(clara: Person, settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 0.15
    work = begun(made.uploaded(clara))
    first = lease_end()

    time.sleep(0.2)
    assert lease_end() == first  # control: nobody keeps it
    with kept_alive(work.claim):
        patience = time.monotonic() + 30
        while lease_end() == first and time.monotonic() < patience:
            time.sleep(0.02)

    assert lease_end() > first


def lease_end() -> datetime:
    end = Job.objects.get().lease_until
    assert end is not None
    return end
