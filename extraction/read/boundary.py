"""The parent's side of the reading process: start it, listen to it with a deadline, kill it with its whole group."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extraction.errors import ReaderCrashed, ReadingError, ReadingTimeout, SandboxMissing, error_codes
from extraction.read.limits import Limits
from extraction.read.messages import (
    ParsedPage,
    UnreadablePage,
    checked_findings,
    checked_int,
    checked_page,
    read_message,
)
from extraction.read.sandbox.protections import NEEDED, Protection
from extraction.records import Attachment

ROOT = Path(__file__).resolve().parents[2]
CHILD_MODULE = "extraction.read.child"
READ_SIZE = 1 << 20
GRACE_SECONDS = 1.0
"""How long a reading process that was told to end may take before it is killed."""
SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL


@dataclass(frozen=True)
class Started:
    """What the reading process says first."""

    media_type: str
    page_count: int


@dataclass(frozen=True)
class Ended:
    """What the reading process says last."""

    findings: tuple[str, ...]


Event = Started | ParsedPage | UnreadablePage | Attachment | Ended


class Listener:
    """Reads a pipe until a deadline. Time in which nobody listens (OCR of the page before) does not count."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self.seconds_left = seconds
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN | select.POLLHUP)

    def allow(self, seconds: float) -> None:
        self.seconds_left += seconds

    def receive(self, size: int) -> bytes:
        """Exactly `size` bytes. Raises ReadingTimeout, or ReaderCrashed when the pipe ends before."""
        parts = []
        missing = size
        while missing:
            part = self._receive_some(min(missing, READ_SIZE))
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _receive_some(self, size: int) -> bytes:
        began = time.monotonic()
        ready = self._poll.poll(max(self.seconds_left, 0) * 1000)
        self.seconds_left -= time.monotonic() - began
        if not ready:
            raise ReadingTimeout
        part = os.read(self._descriptor, size)
        if not part:
            raise ReaderCrashed("the reading process ended before it had told everything")
        return part


def parse(untrusted_content: bytes, kind: str, limits: Limits, *, child: Sequence[str] = ()) -> Generator[Event]:
    """What the document holds, told by a process of its own: Started, its pages, its attachments, Ended.

    Raises a ReadingError; ReaderCrashed when the process dies or lies, ReadingTimeout when it takes too long,
    SandboxMissing when a wall around it is missing. `child`: another module to start, and what it is told first.
    """
    with _reading_process(untrusted_content, [*(child or (CHILD_MODULE,)), kind, limits.to_json()]) as answers:
        listener = Listener(answers, limits.seconds_for(0))
        missing = NEEDED - _standing(listener, limits)
        if missing:
            raise SandboxMissing(f"missing: {', '.join(sorted(missing))}")
        started = _start(listener, limits)
        yield started
        yield from _rest(listener, started, limits)


def standing_protections(limits: Limits, *, child: Sequence[str] = ()) -> frozenset[Protection]:
    """The walls around a reading process on this machine, by starting one without a document. Raises a ReadingError."""
    with _reading_process(b"", [*(child or (CHILD_MODULE,)), "text", limits.to_json()]) as answers:
        return _standing(Listener(answers, limits.seconds_for(0)), limits)


def _standing(listener: Listener, limits: Limits) -> frozenset[Protection]:
    said, _ = _next(listener, limits)
    names = said.get("protections")
    if said["kind"] != "confined" or not isinstance(names, list):
        raise ReaderCrashed("the reading process did not say how it is confined")
    return frozenset(protection for protection in Protection if protection in names)


def _start(listener: Listener, limits: Limits) -> Started:
    untrusted, _ = _next(listener, limits)
    media_type = untrusted.get("media_type")
    if untrusted["kind"] != "start" or not isinstance(media_type, str) or len(media_type) > 100:
        raise ReaderCrashed("the reading process did not start with a start")
    return Started(media_type, checked_int(untrusted.get("pages"), 0, limits.pages))


def _rest(listener: Listener, started: Started, limits: Limits) -> Iterator[Event]:
    pages = attachments = 0
    while True:
        untrusted, blob = _next(listener, limits)
        if untrusted["kind"] == "page":
            pages += 1
            listener.allow(limits.page_seconds)
            yield checked_page(untrusted, blob, limits)
        elif untrusted["kind"] == "attachment":
            attachments += 1
            yield _checked_attachment(untrusted, blob)
        else:
            break
        if pages > started.page_count or attachments > limits.attachments:
            raise ReaderCrashed("the reading process told more than it had announced")
    if untrusted["kind"] != "end" or pages != started.page_count:
        raise ReaderCrashed("the reading process left pages out")
    yield Ended(checked_findings(untrusted.get("findings")))


def _next(listener: Listener, limits: Limits) -> tuple[dict[str, Any], bytes]:
    untrusted, blob = read_message(listener.receive, limits)
    if untrusted["kind"] == "refused":
        raise _error_of(untrusted.get("code"))
    return untrusted, blob


def _error_of(untrusted_code: object) -> ReadingError:
    cls = error_codes().get(untrusted_code) if isinstance(untrusted_code, str) else None
    if cls is None or not issubclass(cls, ReadingError):
        return ReaderCrashed("the reading process refused with an unknown code")
    return cls()


def _checked_attachment(untrusted: dict[str, Any], blob: bytes) -> Attachment:
    name = untrusted.get("name")
    if not isinstance(name, str) or len(name) > 1000:
        raise ReaderCrashed("an attachment of the reading process has no bearable name")
    return Attachment(name, blob)


@contextmanager
def _reading_process(untrusted_content: bytes, child: list[str]) -> Iterator[int]:
    """A fresh interpreter in its own process group with an empty environment; gone when the block ends.

    Gives the descriptor on which it answers.
    """
    document = _in_memory_file(untrusted_content)
    answers, answering = os.pipe2(os.O_CLOEXEC)
    try:
        process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-B", "-m", *child],
            stdin=document,
            stdout=answering,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={},
            process_group=0,
        )
    except BaseException:
        os.close(answers)
        raise
    finally:
        os.close(document)
        os.close(answering)
    try:
        yield answers
    finally:
        _end(process)
        os.close(answers)


def _in_memory_file(content: bytes) -> int:
    """A descriptor to read `content` from: no temporary file with a customer's document, no pipe that could block.

    It is sealed: who reads it cannot write to it.
    """
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with os.fdopen(os.dup(descriptor), "wb") as stream:
        stream.write(content)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _end(process: subprocess.Popen[bytes]) -> None:
    """Told to end, the process that started the parser ends the parser and reaps it; then nothing of the group is left.

    A parser without a process above it may not listen, so all are killed in the end.
    """
    os.kill(process.pid, signal.SIGTERM)
    _wait_without_reaping(process.pid, GRACE_SECONDS)
    # Until it is waited for, neither its number nor its group's can have been given away; Popen's own methods wait.
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_without_reaping(pid: int, seconds: float) -> None:
    descriptor = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.poll(seconds * 1000)
    finally:
        os.close(descriptor)
