"""Each volume full before, during and after an upload: what is told, what can still be read, what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from bench.full_disk.browser import Answer, Browser
from bench.full_disk.volumes import MIB, fill, make_room

RECOVERY_SECONDS = 60
_MOST_UPLOADS = 3000
_number = count()


@dataclass(frozen=True)
class Cell:
    """What was seen. `reads`: an earlier document could be downloaded while the volume was full.

    `recovery_seconds`: until an upload was taken in again, without a restart; None: never.
    """

    volume: str
    moment: str
    answer: Answer
    reads: bool
    recovery_seconds: float | None

    @property
    def is_refused_in_words(self) -> bool:
        return self.answer.status in (507, 503) and self.answer.is_in_words


def cells(browser: Browser, volumes: dict[str, Path]) -> list[Cell]:
    """`volumes`: name -> where it is mounted."""
    return [_cell(browser, name, moment, folder) for name, folder in volumes.items() for moment in _MOMENTS]


def _cell(browser: Browser, name: str, moment: str, folder: Path) -> Cell:
    earlier = browser.upload(_content()).document_id
    if earlier is None:
        raise RuntimeError("the box takes nothing in although there is room")
    answer = _MOMENTS[moment](browser, name, folder)
    reads = browser.download(earlier) == browser.acknowledged[earlier]
    make_room(folder)
    cell = Cell(name, moment, answer, reads, _recovery(browser))
    print(cell, flush=True)
    return cell


def _before(browser: Browser, name: str, folder: Path) -> Answer:
    fill(folder)
    return browser.upload(_content())


def _during(browser: Browser, name: str, folder: Path) -> Answer:
    """In the middle of the bytes; for the database in the middle of a transaction, past every look ahead."""
    if name == "database":
        return _fill_by_uploads(browser, folder)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = MIB if name == "temporary" else settings.MAX_UPLOAD_BYTES
    return browser.upload(_content(3 * MIB), halfway=lambda: fill(folder))


def _after(browser: Browser, name: str, folder: Path) -> Answer:
    """The upload before was acknowledged; the answer is that of the next one."""
    document = browser.upload(_content()).document_id
    fill(folder)
    if document is not None:
        browser.download(document)
    return browser.upload(_content())


_MOMENTS: dict[str, Callable[[Browser, str, Path], Answer]] = {"before": _before, "during": _during, "after": _after}


def _fill_by_uploads(browser: Browser, folder: Path) -> Answer:
    """As with a database on a machine of its own, where nobody looks ahead: it is the database that finds no room."""
    server, settings.EMBEDDED_POSTGRES = settings.EMBEDDED_POSTGRES, None
    answer = Answer(201)
    for _ in range(_MOST_UPLOADS):
        if answer.status != 201:
            break
        fill(folder)
        answer = browser.upload(_content())
    settings.EMBEDDED_POSTGRES = server
    return answer


def _recovery(browser: Browser) -> float | None:
    began = time.monotonic()
    while time.monotonic() - began < RECOVERY_SECONDS:
        if _taken_in(browser):
            return round(time.monotonic() - began, 2)
        time.sleep(0.2)
    return None


def _taken_in(browser: Browser) -> UUID | None:
    try:
        return browser.upload(_content()).document_id
    except DatabaseError:
        connection.close()
        return None


def _content(size: int = 2000) -> bytes:
    line = f"upload {next(_number)}\n".encode()
    return line * (size // len(line) + 1)
