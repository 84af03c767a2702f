"""A job is asked for once, taken by one worker, kept alive, stopped, given up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.retraining.registry import jobs, outcomes, services, tasks, working
from appliance.retraining.registry.errors import JobEnded, WorkGoesOn
from appliance.retraining.registry.models import JobKind, JobState, ModelJob
from models_store import store
from tests.appliance.retraining.registry.fake_workshop import FakeWorkshop
from tests.appliance.retraining.stored import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(root: Path, adam: Person) -> ModelJob:
    return services.ask_copy(by=adam, digest=put(root, "starter"), name="the-first")


def test_what_is_asked_for_stands_in_the_log_with_who_and_what(job: ModelJob, adam: Person) -> None:
    event = AuditEvent.objects.get(action="model_job_asked")
    assert (event.object_type, event.object_id, event.reason) == ("model_job", str(job.pk), "Give a name")
    assert (job.state, job.asked_by) == (JobState.WAITING, adam)


def test_nobody_asks_twice_for_a_model_that_is_worked_on(job: ModelJob, adam: Person) -> None:
    with pytest.raises(WorkGoesOn):
        services.ask_copy(by=adam, digest=job.subject, name="the-second")


def test_one_worker_gets_the_job_and_the_others_nothing(job: ModelJob) -> None:
    claim = jobs.take(job.pk)
    assert claim is not None
    assert jobs.take(job.pk) is None


def test_who_lost_the_lease_can_write_nothing_any_more(job: ModelJob) -> None:
    slow = jobs.take(job.pk)
    assert slow is not None
    ModelJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    quick = jobs.take(job.pk)
    assert quick is not None
    assert jobs.tell(slow, 0.5, "half") is False
    with pytest.raises(jobs.StaleClaim):
        working.do(slow, FakeWorkshop())
    assert AuditEvent.objects.filter(action="model_copied").count() == 0
    working.do(quick, FakeWorkshop())  # control: who holds it ends it
    assert AuditEvent.objects.filter(action="model_copied").count() == 1


def test_a_worker_that_died_leaves_the_job_to_the_next(job: ModelJob, workshop: FakeWorkshop) -> None:
    jobs.take(job.pk)
    assert tasks.work_on(job.pk, workshop) is False  # the lease still runs
    ModelJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert tasks.work_on(job.pk, workshop) is True
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.DONE, 2)


def test_a_job_that_kills_its_worker_three_times_ends_with_a_reason(job: ModelJob) -> None:
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.take(job.pk) is not None
        ModelJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.take(job.pk) is None
    tasks.sweep_model_jobs()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")
    event = AuditEvent.objects.get(action="model_copied")
    assert (event.outcome, event.actor) == ("failed", "registrar")


def test_stopping_what_waits_ends_it_at_once(job: ModelJob, adam: Person, workshop: FakeWorkshop) -> None:
    services.stop(by=adam, job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, tasks.work_on(job.pk, workshop)) == (JobState.STOPPED, False)
    assert AuditEvent.objects.filter(action="model_job_stopped", object_id=str(job.pk)).count() == 1
    with pytest.raises(JobEnded):
        services.stop(by=adam, job_id=job.pk)


def test_stopping_what_runs_ends_it_when_its_worker_tells_how_far_it_is(
    root: Path, medium: Path, adam: Person, workshop: FakeWorkshop
) -> None:
    (medium / "new.gguf").write_bytes(b"new")
    check = services.ask_check(by=adam, source="new.gguf")
    tasks.work_on(check.pk, workshop)
    check.refresh_from_db()
    job = services.ask_import(by=adam, check=check, name="new")
    workshop.meanwhile = lambda: services.stop(by=adam, job_id=job.pk) and None
    tasks.work_on(job.pk, workshop)
    job.refresh_from_db()
    assert (job.state, job.error_code, workshop.done) == (JobState.STOPPED, "stopped", [])
    assert store.list_models(root=root) == []


def test_a_bug_ends_in_a_state_that_a_person_can_see(
    root: Path, adam: Person, workshop: FakeWorkshop, django_capture_on_commit_callbacks: Any
) -> None:
    digest = put(root, "starter", weights="e" * 64)
    job = services.ask_quantize(by=adam, digest=digest, quantizations=["Q4_K_M"])

    def fall_over() -> None:
        raise ZeroDivisionError

    workshop.meanwhile = fall_over
    with django_capture_on_commit_callbacks(execute=True):
        tasks.work_on(job.pk, workshop)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "internal_error")
    assert not outcomes.place_of(job).path.exists()


class Bell:
    """Keeps what was rung for."""

    def __init__(self) -> None:
        self.rung: list[tuple[int, str, int]] = []

    def send_task(self, _: str, *, args: list[int], queue: str, expires: int) -> None:
        self.rung.append((args[0], queue, expires))


def test_the_sweeper_rings_at_the_worker_of_each_kind_for_what_nobody_works_on(
    job: ModelJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Bell()
    monkeypatch.setattr(jobs, "current_app", bell)
    long = ModelJob.objects.create(kind=JobKind.CHECK, subject="new.gguf")
    held = ModelJob.objects.create(kind=JobKind.CHECK, subject="other.gguf")
    jobs.take(held.pk)
    tasks.sweep_model_jobs()
    assert sorted(bell.rung) == [(job.pk, "upkeep", jobs.RING_SECONDS), (long.pk, "train", jobs.RING_SECONDS)]


def test_quick_work_does_not_wait_behind_a_training() -> None:
    assert {kind for kind in JobKind if ModelJob(kind=kind).is_quick} == {JobKind.COPY, JobKind.RENAME, JobKind.REMOVE}
