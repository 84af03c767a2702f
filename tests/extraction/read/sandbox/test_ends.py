"""Whatever ends a reading, neither the process that opens the document nor the one that waits above it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from extraction.errors import ReadingTimeout
from extraction.read.boundary import Started, parse
from extraction.read.limits import Limits
from tests import samples

REPOSITORY = Path(__file__).resolve().parents[4]
ENDLESS = samples.endless_pdf(shapes=50_000)
WORKER = """
import sys
from tests import samples
from extraction.read.boundary import parse
from extraction.read.limits import Limits
events = parse(samples.endless_pdf(shapes=50_000), "pdf", Limits())
next(events)
print("started", flush=True)
next(events)
"""


def family(pid: int) -> list[int]:
    """The living processes below `pid`, at any depth."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, pending = [], [pid]
    while pending:
        above = pending.pop()
        below = [child for child, parent in parents.items() if parent == above]
        found += below
        pending += below
    return found


def reading(pid: int) -> list[int]:
    return [child for child in family(pid) if b"extraction.read.child" in _command(child)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def gone(pids: list[int], seconds: float = 10.0) -> bool:
    """Not even waiting to be reaped, unless by the machine's first process."""
    until = time.monotonic() + seconds
    while any(_command(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_document_that_is_left_in_the_middle_leaves_no_process_not_even_a_dead_one() -> None:
    with closing(parse(ENDLESS, "pdf", Limits())) as events:
        assert isinstance(next(events), Started)
        pids = reading(os.getpid())
    assert pids
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_document_that_takes_too_long_leaves_no_process() -> None:
    with closing(parse(ENDLESS, "pdf", Limits(base_seconds=8.0, page_seconds=0))) as events:
        assert isinstance(next(events), Started)
        pids = reading(os.getpid())
        with pytest.raises(ReadingTimeout):
            next(events)
    assert pids
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_worker_that_is_killed_takes_its_reading_process_along() -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=REPOSITORY, stdout=subprocess.PIPE)
    with worker:
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"started\n"
            pids = reading(worker.pid)
        finally:
            worker.kill()
    assert pids
    assert gone(pids)


def test_the_processor_limit_ends_the_process_although_it_is_the_first_of_its_namespace(tmp_path: Path) -> None:
    document = tmp_path / "endless.pdf"
    document.write_bytes(ENDLESS)
    limits = Limits(base_seconds=0.5, page_seconds=0)
    with document.open("rb") as stdin:
        child = subprocess.run(
            [sys.executable, "-E", "-s", "-B", "-m", "extraction.read.child", "pdf", limits.to_json()],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            cwd=REPOSITORY,
            env={},
            timeout=60,
            check=False,
        )
    assert child.returncode in (-signal.SIGKILL, -signal.SIGXCPU, 256 - signal.SIGKILL, 256 - signal.SIGXCPU)


def test_control_with_time_enough_it_ends_by_itself(tmp_path: Path) -> None:
    with closing(parse(samples.endless_pdf(shapes=150), "pdf", Limits())) as events:
        assert len(list(events)) == 3


def test_the_reading_process_loads_nothing_of_the_library_that_it_does_not_need() -> None:
    """Every module is time for each document, and more for an intruder to use."""
    script = "import sys, extraction.read.child; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    heavy = {"pydantic", "dateparser", "numpy", "PIL", "pypdf", "pypdfium2", "docx", "magika", "llama_cpp", "socket"}
    assert heavy.intersection(loaded.stdout.split()) == set()
