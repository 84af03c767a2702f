"""A worker that grows is started afresh between two jobs, and one that does not is left alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from celery.worker import state as worker_state

from appliance.operations import recycling
from appliance.operations.recycling import JOBS_AT_LEAST, Recycler, own_memory

GROW = "import sys; held = bytearray(int(sys.argv[1])); print('grown', flush=True); sys.stdin.read()"


def _after(jobs: int, *, bytes_now: int, most: int) -> list[str]:
    stops: list[str] = []
    recycler = Recycler(lambda: bytes_now, lambda: stops.append("stop"))
    for _ in range(jobs):
        recycler.job_done(most)
    return stops


@pytest.mark.parametrize(
    ("jobs", "bytes_now", "most", "stops"),
    [
        (JOBS_AT_LEAST, 101, 100, 1),
        (JOBS_AT_LEAST, 100, 100, 0),
        (JOBS_AT_LEAST - 1, 101, 100, 0),
        (JOBS_AT_LEAST, 101, 0, 0),
    ],
    ids=["too large", "large enough", "too young", "no bound"],
)
def test_when_a_worker_is_started_afresh(jobs: int, bytes_now: int, most: int, stops: int) -> None:
    assert len(_after(jobs, bytes_now=bytes_now, most=most)) == stops


def test_memory_of_a_process_is_what_it_has_taken() -> None:
    sizes = []
    for taken in (0, 64 << 20):
        with subprocess.Popen(
            [sys.executable, "-c", GROW, str(taken)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            sizes.append(own_memory(process.pid))
            process.communicate()
    assert 60 << 20 < sizes[1] - sizes[0] < 70 << 20


def test_a_mapped_file_does_not_count(tmp_path) -> None:
    weights = tmp_path / "weights"
    weights.write_bytes(bytes(64 << 20))
    code = (
        "import mmap, sys\n"
        "mapped = mmap.mmap(open(sys.argv[1], 'rb').fileno(), 0, access=mmap.ACCESS_READ)\n"
        "sum(mapped[::4096]); print('mapped', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(weights)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert own_memory(process.pid) < 32 << 20
        process.communicate()


def test_the_worker_is_told_to_end_when_its_job_is_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_state, "should_stop", None)
    recycling._stop_worker()
    assert worker_state.should_stop == os.EX_OK
