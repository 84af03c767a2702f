"""Where text of documents may stand in clear while programs work on it: in memory, so that no disk keeps it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  the folder made of it is the owner's alone


def memory_folder(given: Path | None, data_dir: Path) -> Path:
    """The folder that was set, else one in shared memory for this data directory, else one on its disk."""
    if given is not None:
        return given.expanduser().resolve()
    if not os.access(SHARED_MEMORY, os.W_OK | os.X_OK):
        return data_dir / "memory"
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return SHARED_MEMORY / f"strongroom-{os.geteuid()}-{name}"


def is_in_memory(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that is there, is on a tmpfs."""
    place = next(path for path in (folder, *folder.parents) if path.exists())
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    above = [(mount[1], mount[2]) for mount in mounts if place.is_relative_to(mount[1])]
    return max(above, key=lambda mount: len(mount[0]))[1] in {"tmpfs", "ramfs"}
