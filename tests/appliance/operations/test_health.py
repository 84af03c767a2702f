from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.log.anchors import catch_up
from appliance.audit.log.sequencing import begin, integrate, sign
from appliance.audit.models import StagedRecord
from appliance.celery import QUEUES
from appliance.documents.models import Job, JobState
from appliance.operations import queries
from appliance.operations.models import WorkerHeartbeat
from appliance.operations.queries import Condition
from extraction.read.sandbox.protections import NEEDED, Protection
from tests.appliance.audit.made import entry
from tests.appliance.documents.made import uploaded


def check(name: str) -> queries.Check:
    return next(check for check in queries.health().checks if check.name == name)


def beats(*queue_names: str, age: float = 0) -> None:
    now = timezone.now()
    for queue in queue_names:
        seen = now - timedelta(seconds=age)
        WorkerHeartbeat.objects.create(name=f"{queue}@box", queue=queue, pid=1, started_at=now, seen_at=seen)


@pytest.fixture
def waiting(clara) -> Job:
    return uploaded(clara).jobs.get()


@pytest.mark.parametrize(("minutes", "condition"), [(1, "ok"), (6, "warning"), (31, "bad")])
def test_queue_is_judged_by_its_oldest_job(waiting, minutes, condition):
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))

    assert check("Queue").condition == condition


def test_queue_without_jobs_is_fine(db):
    assert (check("Queue").condition, check("Queue").finding) == (Condition.OK, "Nothing waits.")


def test_jobs_are_counted_by_stage_and_state(waiting):
    assert [(load.waiting, load.running, load.failed) for load in queries.stage_loads()] == [
        (1, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
    ]


def test_failed_job_of_today_wants_a_look_and_an_old_one_does_not(waiting):
    Job.objects.update(state=JobState.FAILED, finished_at=timezone.now())
    assert check("Failed jobs").condition == Condition.WARNING

    Job.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert check("Failed jobs").condition == Condition.OK


def test_workers_are_fine_when_every_queue_has_one(db):
    beats(*QUEUES)

    assert check("Workers").condition == Condition.OK


@pytest.mark.parametrize("age", [None, 60], ids=["never seen", "silent for a minute"])
def test_queue_without_a_live_worker_is_named(db, age):
    beats(*QUEUES[1:])
    if age:
        beats(QUEUES[0], age=age)

    assert check("Workers").condition == Condition.BAD
    assert check("Workers").finding == f"No worker serves: {QUEUES[0]}."
    assert [worker.queue for worker in queries.workers() if not worker.is_alive] == [QUEUES[0]]


def test_sandbox_is_fine_with_the_needed_walls_and_names_those_that_are_not_allowed(db):
    beats("read")
    WorkerHeartbeat.objects.update(protections=sorted(NEEDED))

    assert check("Sandbox").condition == Condition.OK
    assert check("Sandbox").finding == (
        "Documents are opened behind: files, limits, rights, system calls. "
        "Not allowed here: mounts, network, processes."
    )


@pytest.mark.parametrize("lost", sorted(NEEDED))
def test_sandbox_without_a_needed_wall_is_bad_even_when_another_reader_has_it(db, lost):
    beats("read", "extract")
    WorkerHeartbeat.objects.update(protections=list(Protection))
    WorkerHeartbeat.objects.filter(queue="extract").update(queue="read", protections=sorted(set(Protection) - {lost}))

    assert check("Sandbox").condition == Condition.BAD
    assert check("Sandbox").finding.endswith(f"shut in: {lost.replace('_', ' ')}.")


def test_sandbox_of_a_box_whose_readers_are_away_is_not_judged(db):
    beats("read", age=60)

    assert (check("Sandbox").condition, check("Sandbox").finding) == (Condition.OK, "No worker reads documents now.")


@pytest.mark.parametrize(("free", "condition"), [(20, "ok"), (9, "warning"), (2, "bad")])
def test_disk_is_judged_by_its_free_share(db, monkeypatch, free, condition):
    monkeypatch.setattr(queries.shutil, "disk_usage", lambda _path: SimpleNamespace(total=100, free=free))

    assert check("Disk").condition == condition


def test_box_without_a_model_says_so(db, settings, tmp_path):
    settings.MODELS_STORE_ROOT = tmp_path

    assert (check("Model").condition, check("Model").finding) == (Condition.BAD, "No model is in force.")


def test_damaged_pointer_to_the_model_is_a_finding_and_no_crash(db, settings, tmp_path):
    settings.MODELS_STORE_ROOT = tmp_path
    (tmp_path / "current.json").write_text("{")

    assert check("Model").condition == Condition.BAD


def test_log_is_judged_by_whether_it_is_kept(db, settings, tmp_path):
    assert check("Log").finding == "The log is empty."

    entry(Action.APPLIANCE_STARTED)
    assert check("Log").finding == "No checkpoint was signed for more than three minutes."

    writer = begin()
    integrate(writer)
    sign(writer)
    assert check("Log").condition == Condition.WARNING  # signed, and not anchored

    catch_up()
    assert check("Log").condition == Condition.OK

    event = entry()
    StagedRecord.objects.filter(pk=event.pk).update(mac=b"")
    integrate(writer)
    assert check("Log").finding == "Records that the box did not write, kept out of it: 1."

    settings.KEYS_DIR = tmp_path / "away"
    assert "cannot be read" in check("Log").finding


def test_whole_box_is_as_well_as_its_worst_part(db):
    found = queries.health()

    assert found.condition == Condition.BAD
    assert Condition.OK in {check.condition for check in found.checks}


def test_everything_that_is_not_fine_comes_with_advice(db, settings, tmp_path):
    settings.MODELS_STORE_ROOT = tmp_path

    assert [
        check.name for check in queries.health().checks if (check.condition == Condition.OK) == bool(check.advice)
    ] == []


def test_page_shows_each_check_and_the_versions(adam, client_for):
    text = client_for(adam).get("/health/").text

    assert [name for name in ("Queue", "Workers", "Model", "Disk", "Database", "Log") if name not in text] == []
    assert "PostgreSQL 1" in text


def test_page_renews_only_its_middle(adam, client_for):
    part = client_for(adam).get("/health/", headers={"HX-Request": "true"}).text

    assert "<html" not in part
    assert "Workers" in part


def test_machines_get_the_condition_without_logging_in_and_nothing_else(db):
    answer = Client().get("/healthz")
    body = answer.json()

    assert (answer.status_code, body["status"]) == (503, "bad")
    assert set(body) == {"status", "checks"}
    assert set(body["checks"].values()) <= {"ok", "warning", "bad"}


def test_machines_get_200_while_nothing_is_bad(db, monkeypatch):
    fine = queries.Check("Disk", Condition.WARNING, "a finding with details")
    monkeypatch.setattr(queries, "CHECKS", (lambda: fine,))
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "warning", "checks": {"Disk": "warning"}})
