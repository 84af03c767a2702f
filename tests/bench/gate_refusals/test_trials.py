"""The trials without training, on models that are as good as their names say; and the command's last line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.gate_refusals.trials import Sizes, Trials
from extraction.labels import Label
from extraction.schema import DocumentTypeSpec, FieldSpec
from models_store.evaluation.measure import Case
from tests.bench.gate_refusals.fake_workshop import FakeWorkshop

ASKED = DocumentTypeSpec(name="asked", fields=(FieldSpec(name="a"),))
FACTORY = [Case(Label(id=str(n), text=f"a {n}", path=None, fields={"a": str(n)}), ASKED) for n in range(20)]
QUALITY = {"outliers": 0.3, "clean": 0.85, "shuffled": 0.05, "wrong": 0.8, "": 0.4}


def _figures(folder: Path, **changes: float) -> dict[str, object]:
    workshop = FakeWorkshop(folder, QUALITY | changes)
    return Trials(workshop, Sizes(60, 40, 60), FACTORY).all(seeds=3)


def test_bad_models_are_refused_and_the_better_one_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _figures(tmp_path)
    assert found["better_promoted"] is True
    assert found["shuffled_refused"] is True
    assert found["leak_refused"] is True
    assert (found["q2k_refused"], found["q2k_plain_promoted"]) == (True, True)
    assert (found["wrong_seeds"], found["truly_worse"], found["worse_promoted"]) == (3, 3, 0)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 10
    assert told[0] == "a better model: passed"
    assert json.loads(json.dumps(found)) == found


def test_leaks_are_found_by_digest_and_by_text(tmp_path: Path) -> None:
    found = _figures(tmp_path)
    assert found["leak_reasons"] == ["leak", "near_duplicate"]
    assert found["scanned_anew_reasons"] == ["near_duplicate"]


def test_control_models_that_are_better_do_pass(tmp_path: Path) -> None:
    """So the trials do not refuse whatever comes."""
    found = _figures(tmp_path, shuffled=0.85, wrong=0.99, outliers=0.85)
    assert (found["shuffled_refused"], found["q2k_refused"]) == (False, False)
    assert (found["truly_worse"], found["worse_promoted"], found["wrong_promoted"]) == (0, 0, 3)


def test_control_a_candidate_that_is_no_better_is_refused(tmp_path: Path) -> None:
    assert _figures(tmp_path, clean=0.4)["better_promoted"] is False


def test_the_last_line_is_one_object_of_figures() -> None:
    command = [sys.executable, "-m", "bench.gate_refusals", "--simulated", "--times", "3"]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["drawn_per_world"] == 3
    assert figures["drawn_worse_promoted_at_most"] == 0
    assert figures["drawn_promoted"]["+20 points in every field"] == 1.0
