"""Starts a program of `models_store` and watches it: niced, bounded in memory, gone when this process is gone.

What it prints goes to a file, a line of JSON for each thing done; what it complains about goes to children.log.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from appliance.retraining.runs.errors import ChildFailed, ChildKilled, MemoryTooSmall

ROOT = Path(__file__).resolve().parents[3]
LAUNCHER = Path(__file__).with_name("launcher.py")
ERROR_FILE = "error.json"
GRACE_SECONDS = 60.0
"""For writing a checkpoint after being asked to stop."""
_POLL_SECONDS = 0.05

leaving = threading.Event()
"""Set when the worker was asked to end: the program is stopped, and the run goes on from a fresh checkpoint."""


class Halted(Exception):
    """The program was stopped for a reason that is no failure: `reason` is a word of `Halt`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Watcher:
    """`on_line` gets each object that the program prints. `on_tick` comes about every two seconds and gives the reason
    why it must stop, or ""."""

    on_line: Callable[[dict[str, Any]], None] = lambda line: None
    on_tick: Callable[[], str] = lambda: ""


def run(command: Sequence[str], *, folder: Path, name: str, watcher: Watcher) -> None:
    """Run a program to its end. Raises Halted, ChildKilled, ChildFailed or MemoryTooSmall."""
    said = folder / f"{name}.out"
    for error in folder.rglob(ERROR_FILE):
        error.unlink()
    with _started(command, folder, said) as process:
        reason, complaint = _watch(process, said, watcher)
    if reason:
        raise Halted(reason)
    if process.returncode < 0:
        raise ChildKilled(f"{name} ended by signal {-process.returncode}")
    if process.returncode:
        raise _failure(complaint or _told(folder), f"{name} ended with status {process.returncode}")


def _watch(process: subprocess.Popen[bytes], said: Path, watcher: Watcher) -> tuple[str, dict[str, Any]]:
    """Returns why it was stopped, "" where it ended by itself, and what it said about its failure."""
    lines, reason, complaint = _Lines(said), "", {}
    is_over = False
    while not is_over:
        is_over = process.poll() is not None
        for line in lines.fresh():
            if "sentence" in line:
                complaint = line
            else:
                watcher.on_line(line)
        reason = watcher.on_tick()
        if reason and not is_over:
            _stop(process)
        elif not is_over:
            _wait(process, settings.TRAINING_TICK_SECONDS)
    return (reason if process.returncode else ""), complaint


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Ends early when the program ends or the worker is to leave."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until and not leaving.is_set():
        time.sleep(_POLL_SECONDS)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _started(command: Sequence[str], folder: Path, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    bounds = [str(os.getpid()), str(settings.TRAINING_NICENESS), str(settings.TRAINING_MEMORY_BYTES)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "STRONGROOM_SECRET_KEY"):
        environment.pop(name, None)  # no program that trains needs a secret
    with said.open("wb") as out, (folder / "children.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LAUNCHER), *bounds, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=log,
            cwd=folder,
            env=environment,
        )
    try:
        yield process
    finally:
        process.kill()  # nothing where it has ended
        process.wait()


def _failure(told: Mapping[str, Any], detail: str) -> ChildFailed | MemoryTooSmall:
    """From what the program itself said about its failure, {} where it said nothing."""
    code, sentence, next_step = (str(told.get(key, ""))[:500] for key in ("code", "sentence", "next"))
    return MemoryTooSmall(detail) if "memory" in code else ChildFailed(code[:40], sentence, next_step, detail)


def _told(folder: Path) -> dict[str, Any]:
    """The file in which a program says why it failed, beside its results; {} where there is no whole one."""
    try:
        found = json.loads(next(folder.rglob(ERROR_FILE)).read_text(encoding="utf-8"))
    except (StopIteration, OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


class _Lines:
    """Objects of a growing file of JSON lines. A line that is not whole waits; one that is no object is left out."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, 0

    def fresh(self) -> Iterator[dict[str, Any]]:
        with self._path.open("rb") as stream:
            stream.seek(self._read)
            content = stream.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found


def read_points(path: Path, *, most: int) -> list[dict[str, Any]]:
    """The curve from progress.jsonl, thinned to about `most` points; those with a calibration and the last one stay."""
    if not path.is_file():
        return []
    points = list(_Lines(path).fresh())
    every = max(1, -(-len(points) // most))
    return [
        point
        for place, point in enumerate(points)
        if place % every == 0 or point.get("calibration") is not None or place == len(points) - 1
    ]
