"""A killed run goes on where it stood: the folders that the Trainer writes, and which of them are whole.

checkpoints/checkpoint-120/      adapter, optimizer, scheduler, the Trainer's own state
checkpoints/checkpoint-120/whole.json     what is counted here; written last, so a folder without it is torn
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

FOLDER = "checkpoints"
_WHOLE = "whole.json"
_PREFIX = "checkpoint-"


def checkpoint_folder(folder: Path, step: int) -> Path:
    """Where the Trainer that writes into `folder` puts the checkpoint of this step."""
    return folder / f"{_PREFIX}{step}"


def mark_whole(checkpoint: Path, state: dict[str, Any], *, run: str) -> None:
    """To be called when everything else is written. `run`: what is trained on what."""
    for path in checkpoint.rglob("*"):
        if path.is_file():
            _flush(path)
    part = checkpoint / f"{_WHOLE}.part"
    part.write_text(json.dumps({"run": run, "state": state}), encoding="utf-8")
    _flush(part)
    part.replace(checkpoint / _WHOLE)
    _flush(checkpoint)
    _flush(checkpoint.parent)


def newest_whole(folder: Path, *, run: str) -> tuple[Path, dict[str, Any]] | None:
    """The last whole checkpoint of this run and its state; torn ones, and those of another run, are skipped."""
    found = sorted(folder.glob(f"{_PREFIX}*"), key=lambda path: _step(path), reverse=True)
    for checkpoint in found:
        state = _read(checkpoint / _WHOLE, run)
        if state is not None:
            return checkpoint, state
    return None


def drop_checkpoints(folder: Path) -> None:
    """After a run has ended, or before another one begins in its place."""
    shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path, run: str) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    state: dict[str, Any] | None = content.get("state") if content.get("run") == run else None
    return state


def _step(path: Path) -> int:
    digits = path.name.removeprefix(_PREFIX)
    return int(digits) if digits.isdigit() else -1


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
