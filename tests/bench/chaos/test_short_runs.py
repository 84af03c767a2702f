"""Short runs of the bench with every broker: nothing is lost, and its control shows that it would see a loss."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("broker", ["pgmq", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def test_nothing_is_lost_under_kills(broker: str) -> None:
    command = [sys.executable, "-m", "bench.chaos", "--documents", "20", "--faults", "10", "--broker", broker]
    command += ["--lease", "10", "--pause", "12", "--seed", "1"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert done.stdout, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    kept = {name: figures[name] for name in ("documents", "faults", "lost", "duplicated", "stuck", "findings")}
    assert kept == {"documents": 20, "faults": 10, "lost": 0, "duplicated": 0, "stuck": 0, "findings": 0}, done.stdout
    assert figures["control_lost"] > 0
    assert figures["left_running"] == 0
