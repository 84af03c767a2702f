"""A short run of `make audit-attack`: some kinds, two clean logs, some bits. The long one runs before a release."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.audit.attack.__main__ import Figures

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = {"kinds": 4, "detected": 4, "refusable": 4, "refused": 4, "bits": 10, "bits_detected": 10}


@pytest.mark.slow
def test_some_kinds_of_tampering_are_refused_and_detected_and_clean_logs_are_left_alone() -> None:
    if "DATABASE_URL" in os.environ:
        pytest.skip("the attack needs to be superuser of a server of its own: the embedded one")
    command = [sys.executable, "-m", "bench.audit.attack", "--only", "edit", "--clean", "2", "--bits", "400"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRONGROOM_", "DJANGO_"))}
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, env=clean, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "kinds": 4,
        "detected": 4,
        "refusable": 4,
        "refused": 4,
        "refused_to_owner": 4,
        "clean_logs": 2,
        "false_alarms": 0,
        "bits": 400,
        "bits_detected": 400,
        "control_is_blind": True,
    }


@pytest.mark.parametrize(
    "bad",
    [{"detected": 3}, {"refused": 3}, {"bits_detected": 9}, {"false_alarms": 1}, {"control_is_blind": False}],
    ids=str,
)
def test_control_a_run_with_a_gap_is_not_good(bad: dict[str, object]) -> None:
    assert Figures(**GOOD, control_is_blind=True).is_good  # type: ignore[arg-type]
    assert not Figures(**{**GOOD, "control_is_blind": True, **bad}).is_good  # type: ignore[arg-type]
