"""The printed code is read back by an independent reader, OpenCV's."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pytest

from appliance.audit.qr_code import QrCode, qr_code

NOTE = (
    "strongroom/strongroom\n123456\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\ntime 1793300000000000\nepoch 3\n"
    "previous 123000 " + "ab" * 32 + "\n\n— strongroom/strongroom " + "Zm9v" * 24 + "\n"
)


def drawn(code: QrCode, *, pixels: int = 8) -> np.ndarray:
    """What a printer makes of the path."""
    image = np.full((code.size, code.size), 255, np.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path):
        image[int(y), int(x) : int(x) + int(width)] = 0
    return np.kron(image, np.ones((pixels, pixels), np.uint8))


def read(image: np.ndarray) -> str:
    return cv2.QRCodeDetector().detectAndDecode(image)[0]


def test_a_checkpoint_comes_back_from_its_code():
    assert read(drawn(qr_code(NOTE))) == NOTE


def test_control_a_code_without_its_corner_does_not_come_back():
    image = drawn(qr_code(NOTE))
    image[:150, :150] = 255

    assert read(image) != NOTE


def test_the_margin_is_free():
    code = qr_code("x")
    image = drawn(code, pixels=1)

    assert image[:4].min() == image[-4:].min() == image[:, :4].min() == image[:, -4:].min() == 255


def test_too_much_text_is_refused():
    with pytest.raises(ValueError, match="too long"):
        qr_code("x" * 4000)
