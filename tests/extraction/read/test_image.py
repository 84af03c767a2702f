from __future__ import annotations

import io

import pytest
from PIL import Image

from extraction.errors import BrokenFile, PageTooLarge, TooManyPages
from extraction.read.image import open_image
from extraction.read.limits import Limits
from extraction.read.messages import ParsedPage, Pixels, UnreadablePage
from extraction.read.picture import picture_of, pixels_of, png_of
from tests import samples

pytestmark = pytest.mark.filterwarnings("error")


def _pages(content: bytes, limits: Limits | None = None) -> list[ParsedPage | UnreadablePage]:
    return list(open_image(content, limits or Limits()).pages)


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (samples.receipt_png(), "image/png", 1),
        (samples.receipt_jpeg(), "image/jpeg", 1),
        (samples.receipt_tiff(3), "image/tiff", 3),
    ],
    ids=["png", "jpeg", "tiff"],
)
def test_a_picture_gives_pages_for_ocr(content: bytes, media_type: str, pages: int) -> None:
    opened = open_image(content, Limits())
    assert (opened.media_type, opened.page_count) == (media_type, pages)
    assert [page.words for page in opened.pages] == [None] * pages


def test_a_photograph_is_set_upright_as_the_camera_says() -> None:
    (upright,), (held,) = _pages(samples.receipt_jpeg(1)), _pages(samples.receipt_jpeg(6))
    assert (held.pixels.width, held.pixels.height) == (upright.pixels.width, upright.pixels.height)


def test_a_black_and_white_picture_becomes_grey() -> None:
    assert [page.pixels.mode for page in _pages(samples.receipt_tiff())] == ["L", "L"]


def test_a_large_picture_is_stored_smaller_and_that_is_said() -> None:
    opened = open_image(samples.receipt_png(), Limits(stored_page_pixels=100_000))
    (page,) = opened.pages
    assert page.pixels.width * page.pixels.height <= 100_000
    assert opened.findings == ["page_drawn_smaller"]


def test_a_truncated_picture_is_broken() -> None:
    assert _pages(samples.truncated_png()) == [UnreadablePage(BrokenFile.code)]


def test_a_picture_that_claims_to_be_vast_is_refused() -> None:
    with pytest.raises(PageTooLarge):
        _pages(samples.bomb_png())


@pytest.mark.parametrize("limits", [Limits(page_side=700), Limits(page_pixels=300_000)], ids=["side", "pixels"])
def test_a_picture_over_a_limit_is_refused(limits: Limits) -> None:
    assert _pages(samples.receipt_png(), limits) == [UnreadablePage(PageTooLarge.code)]


def test_control_a_picture_within_the_limits_is_read() -> None:
    assert len(_pages(samples.receipt_png(), Limits(page_side=760, page_pixels=500_000))) == 1


def test_more_frames_than_pages_allowed_are_refused() -> None:
    with pytest.raises(TooManyPages):
        _pages(samples.receipt_tiff(3), Limits(pages=2))


def test_transparency_becomes_white_paper() -> None:
    assert pixels_of(Image.new("RGBA", (1, 1), (0, 0, 0, 0))) == Pixels(1, 1, "L", b"\xff")


def test_sixteen_bit_grey_is_scaled_and_not_clipped() -> None:
    picture = Image.new("I;16", (2, 1))
    picture.putpixel((0, 0), 1_000)
    picture.putpixel((1, 0), 60_000)
    assert pixels_of(picture) == Pixels(2, 1, "L", b"\x00\xff")


def test_pixels_survive_png() -> None:
    pixels = Pixels(2, 2, "RGB", bytes(range(12)))
    picture = Image.open(io.BytesIO(png_of(pixels)))
    assert (picture.format, picture.tobytes(), picture_of(pixels).tobytes()) == ("PNG", pixels.data, pixels.data)
