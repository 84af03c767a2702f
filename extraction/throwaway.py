"""One question to a process that is thrown away: no environment, bounded, heard with a deadline and a cap.

For work on what may be made to do harm and that gives one short answer: the compiling of a grammar, the check of a
model file. Documents are read by `extraction/read/boundary.py`, which hears many messages and confines more.
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_READ_SIZE = 1 << 16
_DIES_WITH_PARENT, _NO_NEW_RIGHTS = 1, 38


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the process may take. Its parent keeps the time and the length of the answer, it keeps the rest itself."""

    memory_bytes: int
    processor_seconds: int
    wall_seconds: float
    answer_bytes: int
    descriptors: int = 64


class ChildStoppedError(Exception):
    """It died, took too long or said too much; the text is for the operator and holds nothing that it said."""


def ask(module: str, request: bytes, bounds: Bounds) -> bytes:
    """What `python -m module` says on its standard output, with `request` on its standard input. Not to be believed.

    Raises ChildStoppedError. The process and all that it started are gone when this returns.
    """
    question = _in_memory(request)
    try:
        process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-B", "-m", module],
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={},
            process_group=0,
        )
    finally:
        os.close(question)
    with process:
        try:
            answer = _heard(process, bounds)
        finally:
            # Not yet waited for, so the number of its group cannot belong to somebody else.
            os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise ChildStoppedError(f"the process ended with {process.returncode}")
    return answer


def confine(bounds: Bounds) -> None:
    """Called by the process itself before it looks at its standard input. It can write no file."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    for kind, amount in (
        (resource.RLIMIT_AS, bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.processor_seconds),
        (resource.RLIMIT_NOFILE, bounds.descriptors),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


def _in_memory(content: bytes) -> int:
    """A descriptor to read from: neither a file on the disk nor a pipe that could block."""
    descriptor = os.memfd_create("request", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(descriptor), "wb") as stream:
        stream.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _heard(process: subprocess.Popen[bytes], bounds: Bounds) -> bytes:
    """All that it says until it ends."""
    assert process.stdout is not None  # noqa: S101 -- opened so above
    deadline = time.monotonic() + bounds.wall_seconds
    descriptor, answer = process.stdout.fileno(), bytearray()
    while _ready(descriptor, deadline, bounds) and (part := os.read(descriptor, _READ_SIZE)):
        answer += part
        if len(answer) > bounds.answer_bytes:
            raise ChildStoppedError(f"the process said more than {bounds.answer_bytes} bytes")
    end = os.pidfd_open(process.pid)
    try:
        _ready(end, deadline, bounds)
    finally:
        os.close(end)
    return bytes(answer)


def _ready(descriptor: int, deadline: float, bounds: Bounds) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise ChildStoppedError(f"not done after {bounds.wall_seconds:g} seconds")
    return True
