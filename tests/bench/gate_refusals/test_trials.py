"""The whole bench without training: figures on the last line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_the_last_line_is_one_object_of_figures() -> None:
    command = [sys.executable, "-m", "bench.gate_refusals", "--simulated", "--times", "3"]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["drawn_per_world"] == 3
    assert figures["drawn_worse_promoted_at_most"] == 0
    assert figures["drawn_promoted"]["+20 points in every field"] == 1.0
