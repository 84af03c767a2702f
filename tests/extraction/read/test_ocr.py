"""The real OCR engine on small receipts; it takes seconds, so there are few of these."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.errors import ReaderCrashed
from extraction.read.layout import arrange
from extraction.read.messages import Pixels
from extraction.read.ocr import RapidOcrEngine, ocr_digest
from extraction.read.picture import pixels_of
from extraction.records import Page
from tests import samples

LINES = (
    "CORNER BAKERY LTD",
    "RECEIPT 004217",
    "DATE 14/03/2024 09:41",
    "APPLE TART          3.95",
    "TOTAL          GBP 12.35",
)


@pytest.fixture(scope="module")
def engine() -> RapidOcrEngine:
    return RapidOcrEngine(threads=2)


def _read(engine: RapidOcrEngine, degrees: float) -> Page:
    picture = samples.receipt_picture(LINES)
    turned = picture.rotate(degrees, expand=True, fillcolor=252) if degrees else picture
    pixels, pieces = engine.read(pixels_of(turned))
    return Page(1, pixels.width, pixels.height, arrange(pieces, width=pixels.width, height=pixels.height))


@pytest.mark.parametrize("degrees", [0, 90, 180, 274])
def test_a_receipt_is_read_however_it_lies(engine: RapidOcrEngine, degrees: float) -> None:
    page = _read(engine, degrees)
    assert page.text.split("\n") == [
        "CORNER BAKERY LTD",
        "RECEIPT 004217",
        "DATE 14/03/2024 09:41",
        "APPLE TART  3.95",
        "TOTAL  GBP 12.35",
    ]
    assert page.width > page.height
    assert min(word.ocr_confidence or 0 for word in page.words) > 0.8


def test_a_white_page_has_no_words(engine: RapidOcrEngine) -> None:
    white = Pixels(300, 200, "L", b"\xff" * 60_000)
    assert engine.read(white) == (white, [])
    assert engine.read(replace(white, mode="RGB", data=b"\xff" * 180_000))[1] == []


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 400)])
def test_a_picture_of_no_shape_has_no_words(engine: RapidOcrEngine, width: int, height: int) -> None:
    assert engine.read(Pixels(width, height, "L", b"\xff" * (width * height)))[1] == []


def test_a_failure_of_the_engine_is_a_typed_error(engine: RapidOcrEngine) -> None:
    with pytest.raises(ReaderCrashed):
        engine.read(Pixels(30, 30, "L", b"too few bytes"))


def test_the_digest_names_the_engine_and_stays_the_same() -> None:
    assert ocr_digest() == ocr_digest()
    assert len(bytes.fromhex(ocr_digest())) == 32
