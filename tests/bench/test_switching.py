"""Switches of the model under load: a short run of the bench, and its counting on made-up results."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.switching.__main__ import _p95

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_short_run_loses_nothing_and_its_control_shows():
    command = [sys.executable, "-m", "bench.switching", "--documents", "30", "--switches", "8"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    figures = json.loads(done.stdout.splitlines()[-1])
    kept = {name: figures[name] for name in ("documents", "switches", "lost", "misnamed", "models")}
    assert kept == {"documents": 30, "switches": 8, "lost": 0, "misnamed": 0, "models": 2}, done.stderr
    assert figures["told_apart"] >= 25  # nearly every wrong name would show
    assert figures["control_misnamed"] > 0
    assert figures["rollback_seconds_p95"] < 10
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("values", "expected"), [([0.5], 0.5), ([0.1, 0.3], 0.29), ([0.2] * 19 + [9.0], 0.64)], ids=["one", "two", "twenty"]
)
def test_p95_of_few_values(values, expected):
    assert _p95(values) == pytest.approx(expected)
