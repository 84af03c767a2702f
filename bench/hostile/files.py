"""Every entry below a folder, whatever it is and whatever it is called."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """`untrusted_name` is the name as a browser would send it; `obstacle` says why the entry cannot be sent at all."""

    path: bytes
    untrusted_name: str
    obstacle: str = ""

    def read(self) -> bytes:
        """Raises OSError."""
        with open(self.path, "rb") as file:
            return file.read()


def every_file(folder: Path) -> Iterator[Found]:
    """In the order of their names, sub-folders too; links to folders are not followed, so no loop can trap us."""
    pending = [os.fsencode(folder)]
    while pending:
        place = pending.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            yield _found(place, "folder_cannot_be_opened")
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            else:
                yield _found(entry.path, _obstacle(entry.path))


def _found(path: bytes, obstacle: str) -> Found:
    return Found(path, os.path.basename(path).decode("utf-8", "replace"), obstacle)


def _obstacle(path: bytes) -> str:
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return "link_leads_nowhere"
    if stat.S_ISDIR(mode):
        return "link_to_a_folder"
    if not stat.S_ISREG(mode):
        return "no_file"
    return "" if os.access(path, os.R_OK) else "may_not_be_read"
