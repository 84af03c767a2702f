"""From a Pillow picture to the raw pixels that cross the boundary, and from raw pixels to PNG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from extraction.read.messages import Pixels

if TYPE_CHECKING:
    from PIL.Image import Image

PNG_EFFORT = 3
COLOUR_THRESHOLD = 24


def pixels_of(picture: Image) -> Pixels:
    """Grey where there is no colour worth keeping, RGB else; transparency becomes white paper."""
    picture = _on_white(picture)
    if picture.mode == "RGB" and not _has_colour(picture):
        picture = picture.convert("L")
    return Pixels(picture.width, picture.height, picture.mode, picture.tobytes())


def picture_of(pixels: Pixels) -> Image:
    from PIL import Image

    return Image.frombytes(pixels.mode, (pixels.width, pixels.height), pixels.data)


def png_of(pixels: Pixels) -> bytes:
    """PNG bytes made here, by us: nothing of the document's own coding survives in them."""
    stream = io.BytesIO()
    picture_of(pixels).save(stream, format="PNG", compress_level=PNG_EFFORT)
    return stream.getvalue()


def shrunk(picture: Image, most_pixels: int) -> Image:
    """The picture with at most so many pixels, proportions kept."""
    from PIL import Image

    factor = (most_pixels / (picture.width * picture.height)) ** 0.5
    if factor >= 1:
        return picture
    size = (max(int(picture.width * factor), 1), max(int(picture.height * factor), 1))
    return _on_white(picture).resize(size, Image.Resampling.LANCZOS)


def _on_white(picture: Image) -> Image:
    from PIL import Image

    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode.startswith(("I", "F")):
        return _stretched(picture)
    if "A" in picture.getbands() or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return picture.convert("RGB")


def _stretched(picture: Image) -> Image:
    """Sixteen bits and more to eight: Pillow's own conversion would clip instead of scaling."""
    as_float = picture.convert("F")
    low, high = _extrema(as_float)
    factor = 255 / max(high - low, 1e-6)
    return as_float.point(lambda value: value * factor - low * factor).convert("L")


def _has_colour(picture: Image) -> bool:
    from PIL import Image, ImageChops

    # A box filter first: the coloured noise of a scanner is no colour.
    size = (max(picture.width // 4, 1), max(picture.height // 4, 1))
    red, green, blue = picture.resize(size, Image.Resampling.BOX).split()
    spread = (_extrema(ImageChops.difference(one, other))[1] for one, other in ((red, green), (green, blue)))
    return max(spread) > COLOUR_THRESHOLD


def _extrema(band: Image) -> tuple[float, float]:
    """The darkest and the lightest value of a picture with one band."""
    darkest, lightest = band.getextrema()
    return _number(darkest), _number(lightest)


def _number(value: float | tuple[int, int]) -> float:
    if isinstance(value, tuple):
        raise TypeError("a picture with one band is needed")
    return value
