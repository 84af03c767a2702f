"""Each checkpoint also as a file in another place, best on a volume that the database's administrator cannot write."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from appliance.audit.key_files import log_id
from appliance.audit.models import Checkpoint
from appliance.audit.tree.notes import CheckpointBody, Note


@dataclass(frozen=True, slots=True)
class AnchorState:
    """`newest` is the size of the newest anchored checkpoint; `trouble` is a sentence, empty while all is well."""

    folder: Path
    newest: int | None
    trouble: str


def anchor_name(size: int) -> str:
    return f"{size:012}.note"


def anchor_folder() -> Path:
    """A log has a folder of its own, so that a new log beside an old one cannot be taken for it. Raises KeysMissing."""
    return settings.ANCHOR_DIR / log_id()


def write_anchor(checkpoint: Checkpoint) -> None:
    """Whole and durable, or OSError. A file that is there already stays as it is."""
    folder = anchor_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / anchor_name(checkpoint.size)
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as handle:
        handle.write(checkpoint.note)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.rename(path)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def catch_up() -> None:
    """Anchor every checkpoint since the newest anchor: the volume may have been away. Raises OSError."""
    newest = _newest_size()
    for checkpoint in Checkpoint.objects.filter(size__gt=newest if newest is not None else -1).order_by("size"):
        write_anchor(checkpoint)


def newest_anchor() -> CheckpointBody | None:
    """Raises BadNote when the file is damaged; None when there is no anchor or its volume is away."""
    newest = _newest_size()
    if newest is None:
        return None
    try:
        text = (anchor_folder() / anchor_name(newest)).read_text(encoding="utf-8")
    except OSError:
        return None
    return CheckpointBody.parse(Note.parse(text).body)


def anchor_state() -> AnchorState:
    """Raises KeysMissing."""
    folder, newest = anchor_folder(), _newest_size()
    checkpoints = Checkpoint.objects.order_by("-size").values_list("size", flat=True)
    # The newest one may be on its way at this very moment, so the one before it is asked for.
    expected = list(checkpoints[:2])
    trouble = ""
    if expected and not folder.is_dir():
        trouble = f"The folder {folder} is not there: mount its volume, or correct STRONGROOM_ANCHOR_DIR."
    elif expected and (newest is None or newest < expected[-1]):
        trouble = f"The newest checkpoints are not in {folder}: see whether its volume is full or read-only."
    return AnchorState(folder, newest, trouble)


def _newest_size() -> int | None:
    try:
        names = [entry.name for entry in os.scandir(anchor_folder())]
    except OSError:
        return None
    sizes = [int(name[:-5]) for name in names if name.endswith(".note") and name[:-5].isdecimal()]
    return max(sizes, default=None)
