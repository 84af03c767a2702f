"""Files as a ZIP that is sent while it is made: a log of any size never stands in memory or on the disk twice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

FAST = 1
"""Of zlib's levels: records are so alike that the higher ones gain little and cost a multiple."""


class _Outbox(io.RawIOBase):
    """Takes what the ZIP writer writes until somebody collects it. Not seekable, so sizes follow behind the bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def collected(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zip_stream(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of a ZIP file, one or more pieces for each of the files, in their order."""
    outbox, now = _Outbox(), timezone.localtime().timetuple()[:6]
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date_time=now)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content, compresslevel=FAST)
            yield outbox.collected()
    yield outbox.collected()
