"""The picture of a training run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models_store.starter.curve import curves, draw, read_log


def _entry(tokens: int, right: float, nulls: int = 4) -> dict[str, object]:
    score = {"values_right": right, "values": 10, "nulls_right": 0.5, "nulls": nulls}
    return {"tokens": tokens, "loss": 1.0, "scores": {"unseen": score}}


def test_a_curve_follows_the_entries() -> None:
    entries = [_entry(1_000_000, 0.2), _entry(3_000_000, 0.6, nulls=0)]
    assert curves(entries, "values") == {"unseen": [(1.0, 0.2), (3.0, 0.6)]}
    assert curves(entries, "nulls") == {"unseen": [(1.0, 0.5)]}


def test_a_log_becomes_a_picture(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(_entry(n * 10**6, n / 10)) + "\n" for n in (1, 2)), encoding="utf-8")
    draw(read_log(log), tmp_path / "run.svg")
    assert "<svg" in (tmp_path / "run.svg").read_text(encoding="utf-8")


def test_a_log_without_entries_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no entry"):
        read_log(tmp_path / "log.jsonl")
