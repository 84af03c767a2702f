"""A training that is killed again and again ends with the adapter of one that nobody killed."""

from __future__ import annotations

import json
import sys

import pytest

from bench.training_kills import main


@pytest.mark.slow
def test_three_kills_change_nothing(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    asked = ["--kills", "3", "--documents", "8", "--epochs", "2", "--seed", "3"]
    monkeypatch.setattr(sys, "argv", ["training_kills", *asked])
    main()
    figures = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert figures["kills"] == 3
    assert figures["same_adapter"]
    assert figures["max_difference"] == 0.0
    assert figures["control_differs"]
