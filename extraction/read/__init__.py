"""Reading: bytes -> pages of words with boxes. Start at `reader.py`; the hostile part happens behind `boundary.py`."""

from __future__ import annotations

from extraction.read.limits import Limits
from extraction.read.reader import Reader, open_reader, read_document, reader_digest, reader_text

__all__ = ["Limits", "Reader", "open_reader", "read_document", "reader_digest", "reader_text"]
