"""What the store takes on the disk, and how much is free. Trainable weights that models share count once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models_store.shelf import ARTIFACTS, list_models
from models_store.weights import list_weights, weights_folder


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes. `models` and `weights` by digest; `other`: cards, lists, and what was cut short while it was written."""

    models: Mapping[str, int]
    weights: Mapping[str, int]
    other: int
    free: int

    @property
    def total(self) -> int:
        return sum(self.models.values()) + sum(self.weights.values()) + self.other


def disk_use(root: Path = ARTIFACTS) -> DiskUse:
    """Raises StoreError when a card cannot be read."""
    models = {model.card.digest: _bytes_in(root / model.card.digest) for model in list_models(root=root)}
    weights = {digest: _bytes_in(weights_folder(digest, root)) for digest in list_weights(root=root)}
    rest = _bytes_in(root) - sum(models.values()) - sum(weights.values())
    return DiskUse(models, weights, rest, shutil.disk_usage(_existing(root)).free)


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _existing(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())
