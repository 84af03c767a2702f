"""Running the shipped verifier over a fresh copy of the log, as a child process that knows nothing of the box.

The copy goes through the same files that the officer downloads, so what is checked here is what is handed out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from appliance.audit.checking.models import CheckState, Verdict
from appliance.audit.log.folder import VERIFIER

LIMIT_SECONDS = 1500.0
BEAT_SECONDS = 1.0
NICENESS = 10
_ROOM_BYTES = 64 * 1024 * 1024

Tell = Callable[[CheckState, int], None]
"""Hears how far it is: the step, and how many records are copied."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verifier's last line. `verdict` is empty where it gave none; `message` then says why."""

    verdict: Verdict
    kind: str = ""
    index: int | None = None
    entries: int = 0
    checkpoints: int = 0
    message: str = ""
    anchors: int = 0


NO_ANSWER = Answer(Verdict.NONE, message="The verifier gave no answer. Check a downloaded copy on your own computer.")


@dataclass(frozen=True, slots=True)
class Run:
    """What to check with: key lines of the log and of its counter-signers, checkpoints kept elsewhere, the verifier."""

    key_line: str
    anchors: Sequence[Path] = ()
    witnesses: Sequence[str] = ()
    command: Sequence[str] = (sys.executable, "-I", str(VERIFIER))
    limit_seconds: float = LIMIT_SECONDS


def check(files: Iterable[tuple[str, bytes]], run: Run, tell: Tell) -> Answer:
    """Copy, verify, throw the copy away. Never raises for a log that is wrong; OSError where the disk is."""
    runs = settings.RUN_DIR / "log-checks"
    runs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=runs) as place:
        folder = Path(place) / "log"
        copied = _copy(files, folder, tell)
        answer = _verify(folder, run, lambda: tell(CheckState.VERIFYING, copied))
    return replace(answer, anchors=len(run.anchors))


def clear_leftovers() -> None:
    """What a stopped worker left behind. Only for whoever holds the one open check."""
    shutil.rmtree(settings.RUN_DIR / "log-checks", ignore_errors=True)


def _copy(files: Iterable[tuple[str, bytes]], folder: Path, tell: Tell) -> int:
    """Returns the number of records."""
    written, told = 0, 0.0
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < len(content) + _ROOM_BYTES:
            raise OSError("the disk of the data directory is full")
        path.write_bytes(content)
        written += content.count(b"\n") if name.startswith("entries/") else 0
        if time.monotonic() - told > BEAT_SECONDS:
            tell(CheckState.WRITING, written)
            told = time.monotonic()
    return written


def _verify(folder: Path, run: Run, beat: Callable[[], None]) -> Answer:
    command = [*run.command, "log", str(folder), "--key", run.key_line]
    for anchor in run.anchors:
        command += ["--anchor", str(anchor)]
    for witness in run.witnesses:
        command += ["--witness", witness]
    deadline = time.monotonic() + run.limit_seconds
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL)
        try:
            os.setpriority(os.PRIO_PROCESS, child.pid, NICENESS)
        except ProcessLookupError:
            pass  # done already
        while _still_runs(child):
            beat()
            if time.monotonic() > deadline:
                child.kill()
                child.wait()
                return Answer(Verdict.NONE, message="It took too long. Check a downloaded copy on your own computer.")
        said.seek(0)
        return answer_of(said.read(), status=child.returncode)


def _still_runs(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(timeout=BEAT_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def answer_of(untrusted_output: bytes, *, status: int) -> Answer:
    """The last line is one JSON object; anything else is no answer, and never a good one.

    An exit status that does not fit the verdict makes it none, too.
    """
    lines = untrusted_output.decode("utf-8", "replace").strip().splitlines()
    try:
        said: dict[str, Any] = json.loads(lines[-1])
        verdict = Verdict(said["verdict"])
    except (IndexError, ValueError, KeyError, TypeError):
        return NO_ANSWER
    if (verdict == Verdict.OK) != (status == 0):
        return NO_ANSWER
    return Answer(
        verdict=verdict,
        kind=str(said.get("kind") or "")[:30],
        index=_number(said.get("index")),
        entries=_number(said.get("entries")) or 0,
        checkpoints=_number(said.get("checkpoints")) or 0,
        message=str(said.get("message") or "")[:400],
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62 else None
