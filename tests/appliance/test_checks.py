"""Each system check is silent on a good box and speaks, with its id, on a bad one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from appliance import checks

CASES: list[tuple[Any, str, dict[str, object]]] = [
    (checks.check_secret_key, "strongroom.E002", {"SECRET_KEY": "short"}),
    (checks.check_secret_key, "strongroom.E002", {"SECRET_KEY": ""}),
    (checks.check_hosts, "strongroom.E003", {"ALLOWED_HOSTS": ["box", "*"]}),
    (checks.check_times, "strongroom.E004", {"READING_TIMEOUT_SECONDS": 1800}),
]


@pytest.mark.parametrize(("check", "identity", "bad"), CASES)
def test_check_speaks_only_when_something_is_wrong(
    check: Any, identity: str, bad: dict[str, object], settings: Settings
) -> None:
    assert check(None) == []
    for name, value in bad.items():
        setattr(settings, name, value)
    assert [message.id for message in check(None)] == [identity]


def test_data_directory_below_a_file_is_refused(settings: Settings, tmp_path: Path) -> None:
    assert checks.check_data_directory(None) == []
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "data"
    assert [message.id for message in checks.check_data_directory(None)] == ["strongroom.E001"]


def test_a_model_in_force_without_its_files_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.MODELS_STORE_ROOT = tmp_path
    assert checks.check_model_store(None) == []
    (tmp_path / "current.json").write_text(f'{{"production": "{"a" * 64}"}}')
    assert [message.id for message in checks.check_model_store(None)] == ["strongroom.E005"]


def test_texts_on_a_disk_are_warned_about(settings: Settings, tmp_path: Path) -> None:
    settings.MEMORY_DIR = Path("/dev/shm/not/made/yet")
    assert checks.check_memory_folder(None) == []
    settings.MEMORY_DIR = Path("/proc/self")
    assert [message.id for message in checks.check_memory_folder(None)] == ["strongroom.W003"]


def test_plain_http_for_other_machines_is_warned_about(settings: Settings) -> None:
    assert checks.check_plain_http(None) == []
    settings.CONFIGURATION = settings.CONFIGURATION.model_copy(update={"host": "0.0.0.0"})
    assert [message.id for message in checks.check_plain_http(None)] == ["strongroom.W001"]
    settings.CONFIGURATION = settings.CONFIGURATION.model_copy(update={"https": True})
    assert checks.check_plain_http(None) == []
