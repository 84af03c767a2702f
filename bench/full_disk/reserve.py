"""What the reserve is for: documents that were taken in can still be worked on when uploads have filled the disk."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from appliance.documents import blobs
from bench.full_disk.browser import Browser
from bench.full_disk.volumes import MIB, fill, make_room

_MOST_UPLOADS = 40
_ROOM, _FILE, _PAGE_IMAGE = 6 * MIB, MIB // 2, MIB


def work_fails_when_uploads_stop(browser: Browser, folder: Path, *, reserve: int | None) -> bool:
    """Upload until the box takes no more, then store a page of the first document as its worker would."""
    before, settings.DISK_RESERVE_BYTES = settings.DISK_RESERVE_BYTES, reserve
    fill(folder, leave=_ROOM)
    taken = []
    for _ in range(_MOST_UPLOADS):
        answer = browser.upload(_text())
        if answer.document_id is None:
            break
        taken.append(answer.document_id)
    settings.DISK_RESERVE_BYTES = before
    try:
        blobs.put(os.urandom(_PAGE_IMAGE), document_id=taken[0])
    except OSError:
        return True
    finally:
        make_room(folder)
        _forget(browser)
    return False


def _text() -> bytes:
    """Of no earlier upload, and as large as `_FILE`."""
    line = f"upload {os.urandom(8).hex()}\n".encode()
    return line * (_FILE // len(line))


def _forget(browser: Browser) -> None:
    """Room again: the files of these uploads go, and nobody asks for them."""
    for document_id in list(browser.acknowledged):
        blobs.erase_all(document_id)
        del browser.acknowledged[document_id]
