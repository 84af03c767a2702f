"""A short run of what `make audit-bench` measures: its parts work. No bounds are asked for on a busy box."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.audit.throughput.__main__ import BOUNDS

REPOSITORY = Path(__file__).resolve().parents[2]


def figures(module: str, *arguments: str) -> dict[str, float]:
    if "DATABASE_URL" in os.environ:
        pytest.skip("measures an embedded server of its own")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRONGROOM_", "DJANGO_"))}
    command = [sys.executable, "-m", f"bench.audit.throughput.{module}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, env=clean, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.strace
@pytest.mark.skipif(os.geteuid() != 0, reason="strace starts the server for another account, which needs root")
def test_writers_are_measured_with_and_without_the_log():
    found = figures("writing", "--seconds", "2", "--rounds", "1", "--writers", "2")

    assert found["unaudited_per_second"] > 0
    assert found["throughput_ratio"] > 0
    assert 0 < found["lag_p99_s"] <= found["lag_max_s"] * 2


@pytest.mark.slow
def test_pages_of_a_long_log_are_measured():
    found = figures("browsing", "--entries", "3000")

    assert (found["entries"], found["deep_page"]) == (3000, 59)
    assert found["page_ratio"] > 0


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("throughput_ratio", 0.9, 0.89),
        ("lag_p99_s", 2, 2.1),
        ("verify_seconds_per_million", 60, 60.1),
        ("page_ratio", 2, 2.1),
    ],
)
def test_bounds_are_those_that_were_promised(name, good, bad):
    assert BOUNDS[name](good)
    assert not BOUNDS[name](bad)
