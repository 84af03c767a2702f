"""The key that signs sessions is made once, even by two processes at the same time, and is its owner's alone."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

from pydantic import SecretStr

from appliance.operations.secret_key import load_or_create_secret_key


def test_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert load_or_create_secret_key(SecretStr("given"), tmp_path / "key") == "given"
    assert list(tmp_path.iterdir()) == []


def test_made_key_is_kept_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "not yet there" / "key"
    key = load_or_create_secret_key(None, path)
    assert len(key) >= 64
    assert load_or_create_secret_key(None, path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_a_place_that_cannot_be_written_gives_no_key(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert load_or_create_secret_key(None, tmp_path / "file" / "key") == ""


def _make(path: str) -> str:
    return load_or_create_secret_key(None, Path(path))


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = set(pool.map(_make, [str(tmp_path / "key")] * 16))
    assert keys == {(tmp_path / "key").read_text()}
