"""Programs that a run starts: bounded, watched, stopped, and gone with their worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.retraining.runs import children
from appliance.retraining.runs.children import Halted, Watcher, read_points
from appliance.retraining.runs.errors import ChildFailed, ChildKilled, MemoryTooSmall

PYTHON = [sys.executable, "-I", "-S", "-c"]


def run(code: str, folder: Path, watcher: Watcher | None = None) -> None:
    children.run([*PYTHON, code], folder=folder, name="program", watcher=watcher or Watcher())


def test_each_line_of_json_is_told_and_nothing_else(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = []
    run("print('{\"a\": 1}'); print('noise'); print('[1]'); print('{\"a\": 2}')", tmp_path, Watcher(lines.append))
    assert lines == [{"a": 1}, {"a": 2}]


def test_it_yields_to_everything_else(tmp_path: Path, settings: Any) -> None:
    settings.TRAINING_NICENESS = 5
    lines: list[dict[str, Any]] = []
    run("import os; print('{\"nice\": %d}' % os.nice(0))", tmp_path, Watcher(lines.append))
    assert lines[0]["nice"] >= 5


@pytest.mark.parametrize(("bound", "ends"), [(0, None), (200_000_000, ChildFailed)], ids=["no bound", "bound"])
def test_it_may_not_claim_more_memory_than_its_bound(
    tmp_path: Path, settings: Any, bound: int, ends: type[Exception] | None
) -> None:
    settings.TRAINING_MEMORY_BYTES = bound
    code = "x = bytearray(400_000_000)"
    if ends is None:
        run(code, tmp_path)  # control
        return
    with pytest.raises(ends):
        run(code, tmp_path)
    assert "MemoryError" in (tmp_path / "children.log").read_text()


def test_no_secret_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "STRONGROOM_SECRET_KEY", "CELERY_BROKER_URL", "HARMLESS"):
        monkeypatch.setenv(name, "x")
    lines: list[dict[str, Any]] = []
    run("import os, json; print(json.dumps({'names': list(os.environ)}))", tmp_path, Watcher(lines.append))
    names = set(lines[0]["names"])
    assert "HARMLESS" in names
    assert not {"DATABASE_URL", "STRONGROOM_SECRET_KEY", "CELERY_BROKER_URL"} & names


def test_a_kill_from_outside_may_pass_and_an_exit_does_not(tmp_path: Path) -> None:
    with pytest.raises(ChildKilled):
        run("import os; os.kill(os.getpid(), 9)", tmp_path)
    with pytest.raises(ChildFailed, match="status 3"):
        run("raise SystemExit(3)", tmp_path)


@pytest.mark.parametrize("where", ["print(json.dumps(told))", "open('error.json', 'w').write(json.dumps(told))"])
def test_what_a_program_says_about_its_failure_is_kept(tmp_path: Path, where: str) -> None:
    told = {"code": "disk_full", "sentence": "No space.", "next": "Make room."}
    with pytest.raises(ChildFailed) as caught:
        run(f"import json; told = {told}; {where}; raise SystemExit(1)", tmp_path)
    assert (caught.value.told_code, caught.value.told, caught.value.told_next) == (
        "disk_full",
        "No space.",
        "Make room.",
    )


def test_want_of_memory_has_its_own_words(tmp_path: Path) -> None:
    told = {"code": "too_little_memory", "sentence": "x", "next": "y"}
    with pytest.raises(MemoryTooSmall):
        run(f"import json; print(json.dumps({told})); raise SystemExit(1)", tmp_path)


def test_an_older_error_file_is_not_taken_for_this_failure(tmp_path: Path) -> None:
    (tmp_path / "error.json").write_text('{"code": "old", "sentence": "old", "next": ""}')
    with pytest.raises(ChildFailed) as caught:
        run("raise SystemExit(1)", tmp_path)
    assert caught.value.told_code == "child_failed"


def test_it_is_asked_to_stop_and_may_write_first(tmp_path: Path) -> None:
    code = (
        "import signal, time, sys\n"
        "signal.signal(signal.SIGTERM, lambda n, f: (open('saved', 'w').write('x'), sys.exit(75)))\n"
        "open('ready', 'w').write('x')\n"
        "time.sleep(60)"
    )
    watcher = Watcher(on_tick=lambda: "asked" if (tmp_path / "ready").exists() else "")
    with pytest.raises(Halted) as caught:
        run(code, tmp_path, watcher)
    assert caught.value.reason == "asked"
    assert (tmp_path / "saved").exists()


def test_one_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "GRACE_SECONDS", 0.2)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('ready', 'w'); time.sleep(60)"
    with pytest.raises(Halted):
        run(code, tmp_path, Watcher(on_tick=lambda: "asked" if (tmp_path / "ready").exists() else ""))


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that starts a program as the worker does, and waits."""
    inner = "import os, time; open('inner', 'w').write(str(os.getpid())); time.sleep(60)"
    outer = (
        "import os, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-I', '-S', {str(children.LAUNCHER)!r}, str(os.getpid()), '0', '0',"
        f" sys.executable, '-I', '-S', '-c', {inner!r}])\n"
        "time.sleep(60)"
    )
    process = subprocess.Popen([*PYTHON, outer], cwd=tmp_path)
    yield process
    process.kill()
    process.wait()


def test_it_dies_with_its_worker(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    def number() -> int:
        text = (tmp_path / "inner").read_text() if (tmp_path / "inner").exists() else ""
        return int(text) if text else 0

    assert waited(lambda: number() > 0)
    assert is_alive(number())  # control
    worker.send_signal(signal.SIGKILL)
    assert waited(lambda: not is_alive(number()))


def waited(is_so: Any) -> bool:
    until = time.monotonic() + 20
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(is_so())


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_long_curve_is_thinned_and_keeps_what_counts(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    assert read_points(path, most=300) == []
    lines = [f'{{"step": {n}, "calibration": {0.5 if n == 77 else "null"}}}' for n in range(1000)]
    path.write_text("\n".join(lines) + '\n{"step": 10')
    steps = [point["step"] for point in read_points(path, most=300)]
    assert len(steps) <= 302
    assert {0, 77, 999} <= set(steps)
