"""Reading: bytes -> pages of words with boxes. Start at `reader.py`; the hostile part happens behind `boundary.py`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extraction.read.limits import Limits
    from extraction.read.reader import Reader, open_reader, read_document, reader_digest, reader_text

__all__ = ["Limits", "Reader", "open_reader", "read_document", "reader_digest", "reader_text"]


def __getattr__(name: str) -> object:
    """Loaded on use: the reading process needs neither the reader nor what stands behind it."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("extraction.read.limits" if name == "Limits" else "extraction.read.reader"), name)
