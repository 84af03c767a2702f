"""The words of a page picture, by RapidOCR. The only importer of the OCR engine; its models lie inside its wheel.

A page that lies on its side or upside down is set upright, a skewed one is straightened, and both without reading it
twice: lines are found and cut out as they lie, and only their corners are moved afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from extraction.errors import ReaderCrashed
from extraction.read.lines import Piece
from extraction.read.messages import Pixels
from extraction.read.picture import picture_of, pixels_of
from extraction.read.recognised import Character, Quad, RecognisedLine, words_of
from extraction.read.upright import straighten, turn

if TYPE_CHECKING:
    from rapidocr import RapidOCR

THINNEST = 4
"""A picture longer than this many times its width gets white paper beside it: the engine would enlarge it hugely."""
LEAST_LINE_SCORE = 0.5
DOUBTFUL_SCORE = 0.8
BETTER_SCORE = 0.05
SIDEWAYS = 1.5
"""A line this many times as tall as wide is text that lies on its side (the engine has the same rule)."""


class OcrEngine(Protocol):
    """Reads a page picture: the picture set upright, and its words in pixels of it."""

    def read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]: ...


class RapidOcrEngine:
    """`threads` bounds onnxruntime. The models are loaded at the first page, not before."""

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads
        self._loaded: RapidOCR | None = None

    def read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]:
        """Raises ReaderCrashed when the engine fails on this picture."""
        try:
            return self._read(pixels)
        except _engine_failures() as error:
            raise ReaderCrashed("the OCR engine failed on a page") from error

    def _read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]:
        picture = picture_of(pixels)
        lines, turns = self._read_lines(_widened(np.asarray(picture.convert("RGB"))[:, :, ::-1]))
        lines = [line for line in lines if line.score >= LEAST_LINE_SCORE]
        if not lines:
            return pixels, []
        picture, lines = turn(picture, lines, turns)
        picture, lines = straighten(picture, lines)
        return pixels_of(picture), [piece for line in lines for piece in words_of(line)]

    def _read_lines(self, bgr: NDArray[np.uint8]) -> tuple[list[RecognisedLine], int]:
        """The lines as they lie, and the quarter turns counter-clockwise that set the page upright."""
        engine = self._engine()
        quads = _detect(engine, bgr)
        if not len(quads):
            return [], 0
        sideways = _lies_sideways(quads)
        cuttings = [_cut(engine, bgr, quad, sideways) for quad in quads]
        lines = _recognise(engine, cuttings)
        turns = 1 if sideways else 0
        if _mean_score(lines) < DOUBTFUL_SCORE:
            turned = _recognise(engine, [cutting.upside_down() for cutting in cuttings])
            if _mean_score(turned) > _mean_score(lines) + BETTER_SCORE:
                return turned, turns + 2
        return lines, turns

    def _engine(self) -> RapidOCR:
        if self._loaded is None:
            from rapidocr import RapidOCR

            self._loaded = RapidOCR(
                params={
                    "Global.log_level": "error",
                    "Global.return_word_box": True,
                    "EngineConfig.onnxruntime.intra_op_num_threads": self._threads,
                    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                }
            )
        return self._loaded


def _engine_failures() -> tuple[type[Exception], ...]:
    """What OpenCV, onnxruntime and RapidOCR raise; looked up only when something has been raised."""
    import cv2
    from onnxruntime.capi import onnxruntime_pybind11_state as runtime  # type: ignore[import-untyped]
    from rapidocr.main import RapidOCRError
    from rapidocr.utils.process_img import ResizeImgError

    own = (runtime.Fail, runtime.RuntimeException, runtime.InvalidArgument)
    return (
        cv2.error,
        RapidOCRError,
        ResizeImgError,
        *own,
        RuntimeError,
        ValueError,
        TypeError,
        LookupError,
        MemoryError,
    )


@dataclass(frozen=True)
class _Cutting:
    """The picture of one line, turned so that it should read, with its corners in reading order."""

    picture: NDArray[np.uint8]
    quad: Quad

    def upside_down(self) -> _Cutting:
        return _Cutting(np.rot90(self.picture, 2).copy(), np.roll(self.quad, -2, axis=0))


def _widened(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """With white paper at the right or below, so that places on it stay what they are."""
    height, width = bgr.shape[:2]
    below, beside = max(width // THINNEST - height, 0), max(height // THINNEST - width, 0)
    return np.pad(bgr, ((0, below), (0, beside), (0, 0)), constant_values=255)


def _detect(engine: RapidOCR, bgr: NDArray[np.uint8]) -> list[Quad]:
    found: Any = engine(bgr, use_det=True, use_cls=False, use_rec=False)
    return [] if found.boxes is None else [np.asarray(quad, dtype=np.float64) for quad in found.boxes]


def _sides(quad: Quad) -> tuple[int, int]:
    """Width and height as the engine reckons them when it cuts the line out."""
    width = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3]))
    height = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return max(int(width), 1), max(int(height), 1)


def _lies_sideways(quads: Sequence[Quad]) -> bool:
    tall = wide = 0
    for quad in quads:
        width, height = _sides(quad)
        if height >= SIDEWAYS * width:
            tall += height
        elif width >= SIDEWAYS * height:
            wide += width
    return tall > wide


def _cut(engine: RapidOCR, bgr: NDArray[np.uint8], quad: Quad, sideways: bool) -> _Cutting:
    """The engine turns what is tall by a quarter itself; on a page on its side, the short words are turned here too."""
    picture = engine.crop_text_regions(bgr, quad.astype(np.float32)[None])[0]
    width, height = _sides(quad)
    turned = height / width >= SIDEWAYS
    if sideways and not turned:
        picture = np.rot90(picture)
    if sideways or turned:
        quad = np.roll(quad, -1, axis=0)
    return _Cutting(picture.copy(), quad)


def _recognise(engine: RapidOCR, cuttings: Sequence[_Cutting]) -> list[RecognisedLine]:
    found = engine.recognize_txt([cutting.picture for cutting in cuttings])
    return [
        RecognisedLine(cutting.quad, _characters(text, info))
        for cutting, text, info in zip(cuttings, found.txts or (), found.word_results, strict=True)
    ]


def _characters(text: str, info: Any) -> tuple[Character, ...]:
    """The engine gives a score for each character, but a column only for those that are not blank."""
    columns = iter([column for word in info.word_cols for column in word])
    length = max(info.line_txt_len, 1e-6)
    characters = []
    place = 0.0
    for char, score in zip(text, info.confs, strict=False):
        if not char.isspace():
            place = min((next(columns, 0) + 0.5) / length, 1.0)
        characters.append(Character(char, place, float(score)))
    return tuple(characters)


def _mean_score(lines: Sequence[RecognisedLine]) -> float:
    count = sum(len(line.characters) for line in lines)
    return sum(char.score for line in lines for char in line.characters) / count if count else 0.0


@cache
def ocr_digest() -> str:
    """SHA-256 over the OCR engine's versions and every model file in its wheel. Loads nothing of it."""
    digest = hashlib.sha256()
    for package in ("rapidocr", "onnxruntime"):
        digest.update(f"{package} {version(package)}\n".encode())
    spec = find_spec("rapidocr")
    if spec is not None and spec.origin is not None:
        for model in sorted((Path(spec.origin).parent / "models").glob("*.onnx")):
            digest.update(f"{model.name} {hashlib.sha256(model.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
