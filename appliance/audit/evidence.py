"""The piece of a page that a value was read from, as a picture."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TypeVar

from PIL import Image, ImageDraw

from appliance.documents import blobs
from appliance.documents.models import Document, Page
from appliance.documents.stored_values import load_regions
from extraction.records import Box, Region

MARGIN = 0.02
"""Shown around the region, as a fraction of the page: enough to see the words next to it."""
FRAME = (176, 32, 32)


Key = TypeVar("Key")
Regions = Sequence[Sequence[float]]


class NoEvidence(Exception):
    """The value stands nowhere on a page: it was typed, is absent, or its page is gone."""


def picture_of(document: Document, stored_regions: Regions) -> bytes:
    """PNG of the first page's regions, framed, with a margin. Raises NoEvidence."""
    regions = load_regions(stored_regions)
    if not regions:
        raise NoEvidence("no region is stored")
    return _crop(_page_image(document, regions[0].page), regions)


def pictures_of(document: Document, places: Mapping[Key, Regions]) -> dict[Key, bytes]:
    """The same for many values; each page is opened once. Those without a place on a stored page are left out."""
    by_page: dict[int, list[tuple[Key, tuple[Region, ...]]]] = {}
    for key, stored in places.items():
        regions = load_regions(stored)
        if regions:
            by_page.setdefault(regions[0].page, []).append((key, regions))
    pictures: dict[Key, bytes] = {}
    for number, wanted in by_page.items():
        try:
            image = _page_image(document, number)
        except NoEvidence:
            continue
        pictures |= {key: _crop(image, regions) for key, regions in wanted}
    return pictures


def _page_image(document: Document, number: int) -> Image.Image:
    page = Page.objects.filter(document=document, number=number).only("image_sha256").first()
    if page is None:
        raise NoEvidence(f"page {number} is not stored")
    try:
        png = blobs.get(page.image_sha256, document_id=document.pk)
    except (blobs.BlobMissing, blobs.BlobDamaged) as error:
        raise NoEvidence("the page's picture is missing or damaged") from error
    with Image.open(io.BytesIO(png), formats=["PNG"]) as stored:
        return stored.convert("RGB")


def _crop(page: Image.Image, all_regions: Sequence[Region]) -> bytes:
    """Leaves the page as it is; regions on other pages are not drawn."""
    regions = [region for region in all_regions if region.page == all_regions[0].page]
    around = regions[0].box
    for region in regions[1:]:
        around = around.union(region.box)
    image = page.copy()
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
