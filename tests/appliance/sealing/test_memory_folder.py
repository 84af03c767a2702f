"""Where texts stand in clear while programs work on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.sealing import memory_folder
from appliance.sealing.memory_folder import is_in_memory


def test_two_boxes_of_one_machine_have_folders_of_their_own(tmp_path: Path) -> None:
    one, other = (memory_folder.memory_folder(None, tmp_path / name) for name in "ab")

    assert one != other
    assert one.parent == other.parent == memory_folder.SHARED_MEMORY


def test_what_was_set_counts(tmp_path: Path) -> None:
    assert memory_folder.memory_folder(tmp_path / "x", tmp_path) == tmp_path / "x"


def test_without_shared_memory_it_is_the_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_folder, "SHARED_MEMORY", tmp_path / "missing")

    assert memory_folder.memory_folder(None, tmp_path) == tmp_path / "memory"


@pytest.mark.parametrize(("folder", "is_memory"), [("/dev/shm/a/b", True), ("/proc", False)])
def test_a_tmpfs_is_known_by_its_mount(folder: str, is_memory: bool) -> None:
    assert is_in_memory(Path(folder)) is is_memory
