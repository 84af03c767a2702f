"""The piece of a page that a value was read from, as a picture."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from appliance.documents import blobs
from appliance.documents.models import Document, Page
from appliance.documents.stored_values import load_regions
from extraction.records import Box, Region

MARGIN = 0.02
"""Shown around the region, as a fraction of the page: enough to see the words next to it."""
FRAME = (176, 32, 32)


class NoEvidence(Exception):
    """The value stands nowhere on a page: it was typed, is absent, or its page is gone."""


def picture_of(document: Document, stored_regions: list[list[float]]) -> bytes:
    """PNG of the first page's regions, framed, with a margin. Raises NoEvidence."""
    regions = load_regions(stored_regions)
    if not regions:
        raise NoEvidence("no region is stored")
    page = Page.objects.filter(document=document, number=regions[0].page).first()
    if page is None:
        raise NoEvidence(f"page {regions[0].page} is not stored")
    try:
        return _crop(blobs.get(page.image_sha256), [region for region in regions if region.page == page.number])
    except blobs.BlobMissing as error:
        raise NoEvidence("the page's picture is missing") from error


def _crop(png: bytes, regions: list[Region]) -> bytes:
    around = regions[0].box
    for region in regions[1:]:
        around = around.union(region.box)
    with Image.open(io.BytesIO(png), formats=["PNG"]) as stored:
        image = stored.convert("RGB")
    draw = ImageDraw.Draw(image)
    for region in regions:
        draw.rectangle(_pixels(region.box, image.size, margin=0.002), outline=FRAME, width=2)
    out = io.BytesIO()
    image.crop(_pixels(around, image.size, margin=MARGIN)).save(out, "PNG")
    return out.getvalue()


def _pixels(box: Box, size: tuple[int, int], *, margin: float) -> tuple[int, int, int, int]:
    """At least one pixel each way, never outside of the page."""
    width, height = size
    left = min(max(int((box.left - margin) * width), 0), width - 1)
    top = min(max(int((box.top - margin) * height), 0), height - 1)
    right = max(min(int((box.right + margin) * width) + 1, width), left + 1)
    bottom = max(min(int((box.bottom + margin) * height) + 1, height), top + 1)
    return left, top, right, bottom
