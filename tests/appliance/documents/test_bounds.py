"""A worker that holds one job for too long ends, and one that must stop gives its document back."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import bounds, failures, jobs
from appliance.documents.bounds import Bounds, bounded
from appliance.documents.jobs import StaleClaim
from appliance.documents.models import Document, Job, JobState, Stage
from appliance.documents.reading import begin_reading
from appliance.documents.states import State
from tests.appliance.documents import made


class Seen:
    """Which of the three acts were called, in their order."""

    def __init__(self) -> None:
        self.acts: list[str] = []
        self.over = threading.Event()

    def bounds(self, *, longest: float = 60, leave_within: float = 60) -> Bounds:
        return Bounds(longest, leave_within, self._end)

    def note(self, act: str) -> None:
        self.acts.append(act)

    def _end(self) -> None:
        self.note("end")
        self.over.set()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    monkeypatch.setattr(bounds, "LOOK_EVERY_SECONDS", 0.01)
    yield Seen()
    bounds.leaving.clear()


def _run(seen: Seen, limits: Bounds, seconds: float) -> None:
    too_long, put_back = (lambda: seen.note("too long")), (lambda: seen.note("put back"))
    with bounded(limits, too_long=too_long, put_back=put_back):
        seen.over.wait(seconds)


def test_work_that_ends_in_time_is_left_alone(seen: Seen) -> None:
    _run(seen, seen.bounds(), 0.1)
    assert seen.acts == []


def test_work_that_takes_too_long_ends_with_the_process(seen: Seen) -> None:
    _run(seen, seen.bounds(longest=0.05), 10)
    assert seen.acts == ["too long", "end"]


def test_work_in_hand_may_end_after_the_worker_was_asked_to_stop(seen: Seen) -> None:
    bounds.leaving.set()
    _run(seen, seen.bounds(leave_within=30), 0.1)
    assert seen.acts == []


def test_work_that_does_not_end_then_is_put_back(seen: Seen) -> None:
    threading.Timer(0.05, bounds.leaving.set).start()
    _run(seen, seen.bounds(leave_within=0.05), 10)
    assert seen.acts == ["put back", "end"]


def test_the_process_ends_also_when_the_database_is_away(seen: Seen) -> None:
    def fails() -> None:
        seen.note("tried")
        raise OSError("away")

    threading.excepthook, before = (lambda args: None), threading.excepthook
    with bounded(seen.bounds(longest=0.02), too_long=fails, put_back=fails):
        seen.over.wait(10)
    threading.excepthook = before
    assert seen.acts == ["tried", "end"]


def test_a_process_really_ends() -> None:
    """The control: the same loop without bounds goes on."""
    code = (
        "import sys, time\n"
        "from appliance.documents.bounds import Bounds, bounded\n"
        "limit = float(sys.argv[1])\n"
        "with bounded(Bounds(limit), too_long=lambda: print('too long', flush=True), put_back=print):\n"
        "    until = time.monotonic() + 2\n"
        "    while time.monotonic() < until: pass\n"
        "print('went on')\n"
    )
    ends = {}
    for limit in ("0.3", "60"):
        done = subprocess.run([sys.executable, "-c", code, limit], capture_output=True, text=True, check=False)
        ends[limit] = (done.returncode, done.stdout)
    assert ends == {"0.3": (75, "too long\n"), "60": (0, "went on\n")}


@pytest.mark.django_db(transaction=True)
def test_a_document_that_is_handed_back_costs_no_attempt(clara: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.documents.jobs.ring_after_commit", lambda job: None)
    document = made.uploaded(clara)
    work = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
    assert work is not None

    failures.hand_back(claim=work.claim)

    job = Job.objects.get()
    assert (job.state, job.attempt, job.lease_until) == (JobState.WAITING, 0, None)
    assert Document.objects.get().state == State.RECEIVED
    assert AuditEvent.objects.filter(reason="worker_stopped").count() == 1
    with pytest.raises(StaleClaim):
        jobs.finish(work.claim)
    again = begin_reading(job_id=job.pk)
    assert again is not None
    assert (again.claim.attempt, again.claim.token) == (1, work.claim.token + 2)


@pytest.mark.django_db(transaction=True)
def test_a_document_that_takes_too_long_is_set_aside_in_the_end(clara: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.documents.jobs.ring_after_commit", lambda job: None)
    document = made.uploaded(clara)
    for _ in range(3):
        Job.objects.update(lease_until=None)
        work = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
        assert work is not None
        failures.take_too_long(claim=work.claim)
    shown = Document.objects.get()
    assert (shown.state, shown.error_code) == (State.QUARANTINED, "took_too_long")
