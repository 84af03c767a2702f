"""Small file systems in memory, mounted where the box keeps its things, and a weight that fills one."""

from __future__ import annotations

import errno
import shutil
import subprocess
from pathlib import Path

MIB = 1024 * 1024
_CHUNK = 64 * 1024
_WEIGHT = "weight"


def may_mount() -> bool:
    """Whether this account can mount in a namespace of its own."""
    command = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def mount(folder: Path, *, size: int) -> None:
    """In the namespace of this process only; it goes with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)


def fill(folder: Path, *, leave: int = 0) -> None:
    """Leave so many bytes free, or a little more."""
    with (folder / _WEIGHT).open("ab", buffering=0) as weight:
        try:
            while (free := shutil.disk_usage(folder).free) > leave:
                weight.write(bytes(min(_CHUNK, free - leave)))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def make_room(folder: Path) -> None:
    (folder / _WEIGHT).unlink(missing_ok=True)
