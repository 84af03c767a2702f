"""A worker's row is made, renewed and taken away."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from appliance.operations import heartbeat
from appliance.operations.models import WorkerHeartbeat
from extraction.read import boundary
from extraction.read.sandbox.protections import NEEDED

pytestmark = pytest.mark.django_db


def test_beating_twice_renews_one_row() -> None:
    started = timezone.now()
    heartbeat.beat("read@box", pid=os.getpid(), started_at=started)
    first = WorkerHeartbeat.objects.get().seen_at
    heartbeat.beat("read@box", pid=os.getpid(), started_at=started)
    row = WorkerHeartbeat.objects.get()
    assert (row.queue, row.pid, row.started_at) == ("read", os.getpid(), started)
    assert row.seen_at > first


def test_a_worker_that_stops_takes_its_row_with_it() -> None:
    heartbeat.beat("read@box", pid=1, started_at=timezone.now())
    heartbeat.beat("extract@box", pid=2, started_at=timezone.now())
    heartbeat.silence("read@box")
    assert [row.name for row in WorkerHeartbeat.objects.all()] == ["extract@box"]


def test_a_living_worker_tells_which_models_it_holds_and_a_late_one_does_not() -> None:
    now = timezone.now()
    heartbeat.beat("extract@one", pid=1, started_at=now, holds=("a" * 64, "b" * 64))
    heartbeat.beat("extract@two", pid=2, started_at=now, holds=("a" * 64,))
    assert heartbeat.models_in_memory() == {"a" * 64: ["extract@one", "extract@two"], "b" * 64: ["extract@one"]}
    WorkerHeartbeat.objects.filter(name="extract@two").update(seen_at=now - timedelta(minutes=1))
    assert heartbeat.models_in_memory()["a" * 64] == ["extract@one"]


def test_a_reading_worker_tells_which_walls_stand_around_its_processes() -> None:
    found = heartbeat.protections_of("read@box")
    heartbeat.beat("read@box", pid=1, started_at=timezone.now(), protections=found)
    assert set(WorkerHeartbeat.objects.get().protections) >= NEEDED


def test_other_workers_open_no_documents_and_tell_nothing() -> None:
    assert heartbeat.protections_of("extract@box") == []


def test_a_reading_process_that_cannot_start_has_no_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "CHILD_MODULE", "no.such.module")
    assert heartbeat.protections_of("read@box") == []
