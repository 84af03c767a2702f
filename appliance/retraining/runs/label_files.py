"""What the label files of a run say, once they are written."""

from __future__ import annotations

from pathlib import Path

from extraction.labels import Label, read_labels


def labels_in(path: Path) -> tuple[Label, ...]:
    """Raises LabelsError for an empty file."""
    with path.open(encoding="utf-8") as lines:
        return read_labels(lines, path.parent)


def texts_in(path: Path) -> dict[str, str]:
    """Text by the label's id."""
    return {label.id: label.text or "" for label in labels_in(path)}


def originals_in(path: Path) -> set[str]:
    """SHA-256 of the originals."""
    return {label.original for label in labels_in(path) if label.original}
