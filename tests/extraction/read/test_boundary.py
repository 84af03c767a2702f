"""The boundary against a hostile document: each limit is shown to stop what passes when the limit is wide enough."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from extraction.errors import (
    BrokenFile,
    FileTooLarge,
    PageTooLarge,
    PasswordNeeded,
    ReaderCrashed,
    ReadingTimeout,
    TooManyPages,
    UnknownFormat,
)
from extraction.read import boundary
from extraction.read.boundary import Ended, Listener, Started, parse
from extraction.read.limits import MEBIBYTE, Limits
from extraction.read.messages import ParsedPage, UnreadablePage
from extraction.records import Attachment
from tests import samples

SLOW_PAGE = samples.endless_pdf(shapes=150)


def _kinds(content: bytes, kind: str, limits: Limits | None = None) -> list[type]:
    with closing(parse(content, kind, limits or Limits())) as events:
        return [type(event) for event in events]


def _reading_processes() -> list[int]:
    """Our own children that are reading processes."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == os.getpid() and b"extraction.read.child" in command:
            found.append(int(entry.name))
    return found


def test_a_document_is_told_in_order() -> None:
    assert _kinds(samples.invoice_pdf(2), "pdf") == [Started, ParsedPage, ParsedPage, Ended]


def test_an_attachment_crosses_as_it_is() -> None:
    with closing(parse(samples.message_eml([("a b.txt", b"hello")]), "mail", Limits())) as events:
        assert [event for event in events if isinstance(event, Attachment)] == [Attachment("a b.txt", b"hello")]


def test_a_page_that_takes_too_long_is_stopped_and_its_process_is_gone() -> None:
    began = time.monotonic()
    with pytest.raises(ReadingTimeout):
        _kinds(samples.endless_pdf(shapes=50_000), "pdf", Limits(base_seconds=1.0, page_seconds=0))
    assert time.monotonic() - began < 30  # drawn to its end, it would take minutes
    assert _reading_processes() == []


def test_control_a_slow_page_is_read_when_there_is_time_enough() -> None:
    assert _kinds(SLOW_PAGE, "pdf") == [Started, ParsedPage, Ended]


def test_the_time_for_a_page_comes_with_the_page_before_it_not_with_the_announcement() -> None:
    began = time.monotonic()
    with pytest.raises(ReadingTimeout):
        _kinds(samples.endless_pdf(shapes=50_000), "pdf", Limits(base_seconds=1.0, page_seconds=600))
    assert time.monotonic() - began < 30


def test_time_in_which_nobody_listens_does_not_count() -> None:
    with closing(parse(samples.invoice_pdf(3), "pdf", Limits(base_seconds=20, page_seconds=0))) as events:
        kinds = [type(next(events))]
        listener_idle = 0.3
        time.sleep(listener_idle)
        kinds.extend(type(event) for event in events)
    assert kinds == [Started, ParsedPage, ParsedPage, ParsedPage, Ended]


def test_a_reading_process_without_memory_fails_alone() -> None:
    with pytest.raises(ReaderCrashed):
        _kinds(samples.invoice_pdf(), "pdf", Limits(memory_bytes=40 * MEBIBYTE))


def test_the_process_has_no_environment_its_own_group_and_tight_limits() -> None:
    with closing(parse(SLOW_PAGE, "pdf", Limits(memory_bytes=900 * MEBIBYTE))) as events:
        next(events)
        (pid,) = _reading_processes()
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        group = os.getpgid(pid)
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        status = Path(f"/proc/{pid}/status").read_text()
    bounds = {line[:26].strip(): line[26:].split()[:2] for line in limits}
    assert (environment, group) == (b"", pid)
    assert bounds["Max address space"] == [str(900 * MEBIBYTE)] * 2
    assert bounds["Max file size"] == ["0", "0"]
    assert bounds["Max open files"] == ["64", "64"]
    assert bounds["Max cpu time"] == ["1061", "1061"]
    assert "NoNewPrivs:\t1" in status
    assert _reading_processes() == []


@pytest.mark.parametrize(
    ("content", "kind", "error"),
    [
        (samples.broken_pdf(), "pdf", BrokenFile),
        (samples.truncated_pdf(), "pdf", BrokenFile),
        (samples.zero_page_pdf(), "pdf", BrokenFile),
        (samples.encrypted_pdf(), "pdf", PasswordNeeded),
        (samples.bomb_png(), "image", PageTooLarge),
        (b"PK\x03\x04 word/document.xml", "docx", BrokenFile),
        (samples.invoice_pdf(), "no such kind", UnknownFormat),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "code", "bytes"),
)
def test_a_refusal_crosses_as_its_typed_error(content: bytes, kind: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        _kinds(content, kind)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [(samples.huge_page_pdf(), "pdf", "page_too_large"), (samples.truncated_png(), "image", "broken_file")],
    ids=["pdf", "image"],
)
def test_a_page_that_cannot_be_read_crosses_as_its_code(content: bytes, kind: str, code: str) -> None:
    with closing(parse(content, kind, Limits())) as events:
        assert list(events)[1:] == [UnreadablePage(code), Ended(())]


def test_more_pages_than_allowed_are_refused() -> None:
    with pytest.raises(TooManyPages):
        _kinds(samples.invoice_pdf(3), "pdf", Limits(pages=2))


def test_control_as_many_pages_as_allowed_are_read() -> None:
    assert len(_kinds(samples.invoice_pdf(2), "pdf", Limits(pages=2))) == 4


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        _kinds(samples.contract_docx(), "docx", Limits(unpacked_bytes=10_000))


def test_the_document_cannot_be_changed_by_who_reads_it() -> None:
    descriptor = boundary._in_memory_file(b"as it came")
    with pytest.raises(PermissionError):
        os.pwrite(descriptor, b"X", 0)
    with pytest.raises(PermissionError):
        os.ftruncate(descriptor, 1 << 20)
    assert os.read(descriptor, 100) == b"as it came"
    os.close(descriptor)


def _listener(told: bytes, *, seconds: float = 5.0) -> Listener:
    answers, answering = os.pipe()
    os.write(answering, told)
    os.close(answering)
    return Listener(answers, seconds)


def test_a_process_that_ends_in_the_middle_has_crashed() -> None:
    with pytest.raises(ReaderCrashed):
        _listener(b"abc").receive(4)


def test_control_what_was_told_before_it_ended_is_heard() -> None:
    assert _listener(b"abcd").receive(4) == b"abcd"


def test_a_silent_process_runs_out_of_time() -> None:
    answers, answering = os.pipe()
    with pytest.raises(ReadingTimeout):
        Listener(answers, 0.05).receive(1)
    os.close(answering)
    os.close(answers)
