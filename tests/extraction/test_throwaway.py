"""A process that is thrown away is bounded, and whatever it does its parent goes on."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from extraction.throwaway import Bounds, ChildStoppedError, ask

BOUNDS = Bounds(memory_bytes=256 << 20, processor_seconds=2, wall_seconds=20.0, answer_bytes=1000)
ACTOR = "tests.extraction.throwaway_actor"


def act(name: str, bounds: Bounds = BOUNDS, **more: object) -> bytes:
    return ask(ACTOR, json.dumps({"act": name, **more}).encode(), bounds)


def test_it_hears_what_was_asked_and_answers() -> None:
    assert act("echo", text="a\0\n" * 200_000, bounds=replace(BOUNDS, answer_bytes=1 << 20)).endswith(b"a\0\n")


def test_it_sees_no_environment_and_no_open_file_of_its_parent(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        told = json.loads(act("look around"))
    assert set(told["environment"]) <= {"LC_CTYPE"}
    assert not [path for path in told["files"] if "secret" in path]


def test_it_is_bounded() -> None:
    limits = json.loads(act("limits"))
    assert limits == {"memory": BOUNDS.memory_bytes, "seconds": 2, "file": 0, "core": 0, "descriptors": 64}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("eat memory", "ended with 1"),
        ("spin", f"ended with -{int(signal.SIGXCPU)}|ended with -{int(signal.SIGKILL)}"),
        ("crash", f"ended with -{int(signal.SIGSEGV)}"),
        ("leave", "ended with 3"),
        ("write a file", "ended with"),
        ("talk without end", "said more than 1000 bytes"),
        ("sleep", "not done after 1.5 seconds"),
        ("close and sleep", "not done after 1.5 seconds"),
    ],
)
def test_whatever_it_does_its_parent_hears_that_it_stopped(name: str, why: str, tmp_path: Path) -> None:
    bounds = replace(BOUNDS, wall_seconds=1.5) if "sleep" in name else BOUNDS
    with pytest.raises(ChildStoppedError, match=why):
        act(name, bounds, path=str(tmp_path / "written"))
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").stat().st_size


def test_what_it_started_goes_with_it(tmp_path: Path) -> None:
    grandchild = int(act("start another"))
    deadline = time.monotonic() + 5
    while _runs(grandchild) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _runs(grandchild)


def test_no_descriptor_stays_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for name in ("echo", "leave", "talk without end"):
        try:
            act(name, text="")
        except ChildStoppedError:
            pass
    assert len(os.listdir("/proc/self/fd")) == before


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
