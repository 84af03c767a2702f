"""Resetting deletes what the box wrote, and nothing else, and only after a clear yes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.RUN_DIR = settings.DATA_DIR / "run"
    settings.EMBEDDED_POSTGRES = None
    (settings.DATA_DIR / "blobs" / "ab").mkdir(parents=True)
    (settings.DATA_DIR / "secret_key").write_text("key")
    (settings.DATA_DIR / "letter to my mother.txt").write_text("dear")
    return Path(settings.DATA_DIR)


def test_reset_deletes_only_what_the_box_wrote(data: Path) -> None:
    call_command("reset", "--force", stdout=io.StringIO())
    assert [entry.name for entry in data.iterdir()] == ["letter to my mother.txt"]


@pytest.mark.parametrize("answer", ["", "no\n", "y\n", "yesterday\n"])
def test_reset_without_a_clear_yes_deletes_nothing(data: Path, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    with pytest.raises(CommandError, match="Nothing was deleted"):
        call_command("reset", stdout=io.StringIO())
    assert (data / "secret_key").exists()


def test_reset_goes_on_after_yes(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    call_command("reset", stdout=io.StringIO())
    assert (data / "secret_key").exists() is False
