from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.documents import jobs
from appliance.documents.jobs import Claim, StaleClaim
from appliance.documents.models import Job, JobState, Stage
from tests.appliance.documents import made


@pytest.fixture
def job(clara: Person) -> Job:
    return made.job_of(made.uploaded(clara), Stage.READ)


def taken(job: Job) -> Claim:
    claim = jobs.take(job.pk)
    assert claim is not None
    return claim


def let_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_take_counts_the_attempt_and_gives_a_new_token(job: Job) -> None:
    assert (taken(job).attempt, taken_again(job).attempt, taken_again(job).token) == (1, 2, 3)


def taken_again(job: Job) -> Claim:
    let_lease_run_out(job)
    return taken(job)


def test_take_leaves_a_leased_job_alone(job: Job) -> None:
    taken(job)

    assert jobs.take(job.pk) is None


def test_take_stops_at_the_last_attempt(job: Job, settings: Settings) -> None:
    settings.JOB_MAX_ATTEMPTS = 2
    taken(job)
    assert taken_again(job).is_last_attempt
    let_lease_run_out(job)

    assert jobs.take(job.pk) is None


def test_renew_moves_the_end_of_the_lease(job: Job) -> None:
    claim = taken(job)
    let_lease_run_out(job)

    assert jobs.renew(claim)
    assert jobs.take(job.pk) is None


def test_worker_that_lost_its_lease_can_do_nothing(job: Job) -> None:
    old = taken(job)
    new = taken_again(job)

    assert not jobs.renew(old)
    for act in (
        jobs.hold,
        jobs.finish,
        lambda claim: jobs.give_up(claim, "x"),
        lambda claim: jobs.put_back(claim, "x"),
    ):
        with pytest.raises(StaleClaim):
            act(old)
    jobs.hold(new)  # control: the one who holds the lease can
    jobs.finish(new)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_job_put_back_is_not_taken_before_it_is_due(job: Job) -> None:
    jobs.put_back(taken(job), "reader_crashed")

    assert jobs.take(job.pk) is None
    assert taken_again(job).attempt == 2


def test_queue_uses_the_job_that_is_live(job: Job) -> None:
    assert jobs.queue(job.document, Stage.READ) == job
    jobs.finish(taken(job))

    assert jobs.queue(job.document, Stage.READ) != job
