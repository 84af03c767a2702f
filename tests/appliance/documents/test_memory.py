"""Free memory as the kernel's files tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.documents.memory import bytes_free

MIB = 1024**2


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    path = tmp_path / "meminfo"
    path.write_text(f"MemTotal:       {900 * 1024} kB\nMemFree: 5 kB\nMemAvailable:   {800 * 1024} kB\nHugePages: 0\n")
    return path


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [("max", 800), (str(500 * MIB), 240), (str(2000 * MIB), 800)],
    ids=["no limit", "less than the machine has", "more than the machine has"],
)
def test_a_container_may_have_less_than_the_machine(tmp_path: Path, machine: Path, allowed: str, expected: int) -> None:
    container = tmp_path / "cgroup"
    container.mkdir()
    (container / "memory.max").write_text(f"{allowed}\n")
    (container / "memory.current").write_text(f"{300 * MIB}\n")
    (container / "memory.stat").write_text(f"anon {260 * MIB}\ninactive_file {40 * MIB}\n")

    assert bytes_free(machine=machine, container=container) == expected * MIB


def test_outside_of_containers_the_machine_alone_counts(tmp_path: Path, machine: Path) -> None:
    assert bytes_free(machine=machine, container=tmp_path / "nothing") == 800 * MIB


def test_this_machine_has_memory() -> None:
    assert bytes_free() > 0
