"""Setting a recognised page upright: quarter turns, then the small slope of a page that lay askew in the scanner.

The picture and the corners of its lines are moved together, so nothing is recognised twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from PIL import Image

from extraction.read.recognised import RecognisedLine

LEAST_SKEW = 0.4
MOST_SKEW = 20.0


def turn(picture: Image.Image, lines: list[RecognisedLine], turns: int) -> tuple[Image.Image, list[RecognisedLine]]:
    """Turn the picture and the corners on it counter-clockwise by quarters."""
    for _ in range(turns % 4):
        width = picture.width
        picture = picture.rotate(90, expand=True)
        lines = [replace(line, quad=np.stack([line.quad[:, 1], width - line.quad[:, 0]], axis=1)) for line in lines]
    return picture, lines


def straighten(picture: Image.Image, lines: list[RecognisedLine]) -> tuple[Image.Image, list[RecognisedLine]]:
    """Level the lines when most of them slope by the same angle. The paper that appears at the corners is white."""
    slope = _common_slope(lines)
    if not LEAST_SKEW <= abs(slope) <= MOST_SKEW:
        return picture, lines
    white = 255 if picture.mode == "L" else (255, 255, 255)
    levelled = picture.rotate(slope, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=white)
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))
    rotation = np.array([[cos, -sin], [sin, cos]])
    centre = np.array([picture.width / 2, picture.height / 2])
    new_centre = np.array([levelled.width / 2, levelled.height / 2])
    return levelled, [replace(line, quad=(line.quad - centre) @ rotation + new_centre) for line in lines]


def _common_slope(lines: Sequence[RecognisedLine]) -> float:
    """The median slope, each line weighing as much as it is long; 0 when the lines do not agree."""
    slopes = sorted((line.slope, line.length) for line in lines if len(line.characters) > 4 and abs(line.slope) < 45)
    if not slopes:
        return 0.0
    passed = list(accumulate(length for _, length in slopes))
    middle = next(slope for (slope, _), sofar in zip(slopes, passed, strict=True) if sofar >= passed[-1] / 2)
    agreeing = sum(length for slope, length in slopes if abs(slope - middle) < 1.5)
    return middle if agreeing >= passed[-1] / 2 else 0.0
