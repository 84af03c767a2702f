"""How much of a hostile file is looked at. Every limit has a typed refusal behind it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of one reading. Sizes in bytes or pixels, times in seconds."""

    file_bytes: int = 50 * MEBIBYTE
    pages: int = 500
    page_pixels: int = 40_000_000
    page_side: int = 10_000
    stored_page_pixels: int = 6_000_000
    words_per_page: int = 20_000
    base_seconds: float = 60.0
    page_seconds: float = 2.0
    memory_bytes: int = 2048 * MEBIBYTE
    descriptors: int = 64
    image_bytes_total: int = 500 * MEBIBYTE
    unpacked_bytes: int = 500 * MEBIBYTE
    archive_entries: int = 1_000
    archive_ratio: int = 100
    attachments: int = 50
    nesting: int = 200
    first_page: int = 1
    """Pages before this one are left out; counted from 1. Only of formats whose pages stand by themselves."""

    def seconds_for(self, pages: int) -> float:
        """Wall time that the reading process gets for a document of so many pages."""
        return self.base_seconds + self.page_seconds * min(pages, self.pages)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Limits:
        return cls(**json.loads(text))
