"""A killed run goes on where it stood. The file is whole or not there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

FILE = "checkpoint.pt"


def save_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """`state`: tensors, numbers, texts, and lists and dictionaries of them."""
    part = folder / f"{FILE}.part"
    with part.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / FILE)


def read_checkpoint(folder: Path, *, run: str) -> dict[str, Any] | None:
    """The state of the last checkpoint; None where there is none, or where it belongs to another run than `run`."""
    path = folder / FILE
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state if state["run"] == run else None


def drop_checkpoint(folder: Path) -> None:
    """After a run has ended."""
    (folder / FILE).unlink(missing_ok=True)
