"""What a PDF carries beside its pages: scripts, forms, files, launch actions. Nothing of it is ever run or opened."""

from __future__ import annotations

import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, IndirectObject

MOST_SECONDS = 5
# pypdf meets damaged files with these, besides its own errors.
DAMAGED = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    OSError,
    MemoryError,
)


class _TooLong(ValueError):
    pass


def find_remarks(untrusted_content: bytes) -> list[str]:
    """Codes of what was left aside. A structure that cannot be read is a remark too, as long as the pages can be."""
    try:
        with _time_limit(MOST_SECONDS):
            return _remarks(PdfReader(io.BytesIO(untrusted_content)))
    except DAMAGED:
        return ["structure_unreadable"]


def _remarks(reader: PdfReader) -> list[str]:
    if reader.is_encrypted:
        reader.decrypt("")
    root = _dictionary(reader.root_object)
    names = _dictionary(root.get("/Names"))
    opening = _dictionary(root.get("/OpenAction"))
    found = {
        "javascript_ignored": "/JavaScript" in names or opening.get("/S") == "/JavaScript" or "/AA" in root,
        "launch_action_ignored": opening.get("/S") in ("/Launch", "/GoToR", "/SubmitForm", "/ImportData"),
        "embedded_files_ignored": "/EmbeddedFiles" in names,
        "xfa_ignored": "/XFA" in _dictionary(root.get("/AcroForm")),
    }
    return [code for code, present in found.items() if present]


def _dictionary(value: Any) -> DictionaryObject:
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt pure Python code after so many seconds of work. For the reading process only: it has one thread."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLong("the structure of this PDF takes too long to read")

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
