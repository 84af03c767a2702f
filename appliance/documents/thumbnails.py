"""A small picture of the first page: enough to recognise a document in the list, not enough to read it."""

from __future__ import annotations

import io

from PIL import Image

SIDE = 96


def thumbnail_png(page_png: bytes) -> bytes:
    """A PNG of `SIDE` pixels at most on its longer side. The page image is one that this appliance has drawn."""
    with Image.open(io.BytesIO(page_png), formats=("PNG",)) as page:
        small = page.convert("RGB")
        small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    stream = io.BytesIO()
    small.save(stream, "PNG", optimize=True)
    return stream.getvalue()
