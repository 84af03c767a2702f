"""Parts of the bench that measures the web while a training runs; the whole of it is `make training-load`."""

from __future__ import annotations

import json
import time

import pytest

from bench.training_load import _milliseconds, _p95, _steps, _write_order
from extraction.errors import LabelsError, StrongroomError


def test_requests_are_timed_until_the_time_is_over():
    times = _milliseconds(lambda: time.sleep(0.01), 0.2)

    assert 2 <= len(times) <= 20
    assert min(times) >= 10
    assert _p95(times) >= min(times)


def test_one_slow_request_of_a_hundred_is_not_the_p95():
    assert _p95([10.0] * 99 + [900.0]) == 10.0
    assert _p95([10.0] * 90 + [900.0] * 10) == 900.0


def test_steps_are_those_that_the_training_tells(tmp_path):
    progress = tmp_path / "progress.jsonl"
    assert _steps(progress, []) == 0

    progress.write_text("".join(json.dumps({"step": step}) + "\n" for step in (1, 2, 7)))

    assert _steps(progress, []) == 7


def test_a_training_that_failed_is_no_measurement(tmp_path):
    with pytest.raises(StrongroomError):
        _steps(tmp_path / "progress.jsonl", [LabelsError()])


def test_the_training_has_enough_to_do(tmp_path):
    _write_order(tmp_path / "training")

    order = json.loads((tmp_path / "training" / "request.json").read_text())
    assert order["settings"]["epochs"] >= 1000
    assert len((tmp_path / "training" / "train.jsonl").read_text().splitlines()) == 200
