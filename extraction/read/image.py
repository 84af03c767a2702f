"""JPEG, PNG and TIFF (every page of it): pixels, upright as the camera says; the words come from OCR."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from extraction.errors import BrokenFile, PageTooLarge, TooManyPages
from extraction.read.limits import Limits
from extraction.read.messages import Opened, ParsedPage, UnreadablePage
from extraction.read.picture import pixels_of, shrunk

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

FORMATS = ("JPEG", "PNG", "TIFF")
# What Pillow raises on damaged pictures; it has no class of its own for them.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, ZeroDivisionError)


def open_image(untrusted_content: bytes, limits: Limits) -> Opened:
    """Raises BrokenFile, TooManyPages or PageTooLarge; a frame that cannot be read is given up by itself."""
    try:
        picture = Image.open(io.BytesIO(untrusted_content), formats=FORMATS)
        frames = 1 if picture.format in ("JPEG", "MPO") else getattr(picture, "n_frames", 1)
        media_type = "image/jpeg" if picture.format == "MPO" else picture.get_format_mimetype()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PageTooLarge from error
    except (UnidentifiedImageError, *BROKEN) as error:
        raise BrokenFile from error
    if frames > limits.pages:
        raise TooManyPages
    findings: list[str] = []
    numbers = range(limits.first_page - 1, frames)
    return Opened(media_type or "image/png", len(numbers), _frames(picture, numbers, limits, findings), findings)


def _frames(
    picture: ImageFile, numbers: range, limits: Limits, findings: list[str]
) -> Iterator[ParsedPage | UnreadablePage]:
    for number in numbers:
        try:
            frame = _frame(picture, number, limits)
        except (BrokenFile, PageTooLarge) as error:
            yield UnreadablePage(error.code)
            continue
        small = shrunk(frame, limits.stored_page_pixels)
        if small is not frame:
            findings.append("page_drawn_smaller")
        yield ParsedPage(pixels_of(small), None)


def _frame(picture: ImageFile, number: int, limits: Limits) -> Image.Image:
    try:
        picture.seek(number)
        if max(picture.size) > limits.page_side or picture.width * picture.height > limits.page_pixels:
            raise PageTooLarge
        picture.load()
        return ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PageTooLarge from error
    except BROKEN as error:
        raise BrokenFile from error
