"""Measures how our own reader misreads scans: prints made-up documents, spoils the pictures, reads them, compares.

    python -m models_store.starter.scans --documents 100

Writes the table of rates from which the factory's noise draws (`factory/misread.toml`). About four seconds a document
on one thread. Fonts are the TrueType files of --fonts; without any, the one that the reader itself brings.
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from extraction.read.layout import arrange
from extraction.read.ocr import RapidOcrEngine
from extraction.read.picture import pixels_of
from extraction.read.typeset import FONT
from extraction.records import Page
from models_store.starter.factory.noise import TABLE
from models_store.starter.factory.pools import load_pools
from models_store.starter.factory.stream import WRITERS, Order, samples

GAP = "\t"
"""Stands for a column gap while texts are compared, so that losing one differs from losing a blank."""
_MARGIN, _MOST_LINES, _LONGEST_LINE = 50, 30, 110
_LEAST_COUNT = 3
_LEAST_ALIKE = 0.5
_NEAR = 4
"""Lines before and after its own place where a printed line is looked for."""


@dataclass(slots=True)
class Tally:
    """How often each character was printed, lost, or read as which other one. An insertion is counted for the
    character before it."""

    printed: Counter[str] = field(default_factory=Counter)
    instead: Counter[tuple[str, str]] = field(default_factory=Counter)
    added: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: int = 0
    lost_lines: int = 0

    def compare(self, printed: Sequence[str], read: Sequence[str]) -> None:
        """Two pages, line by line."""
        for number, line in enumerate(printed):
            place = round(number * len(read) / max(len(printed), 1))
            near = read[max(place - _NEAR, 0) : place + _NEAR + 1]
            found = max(near, key=lambda other: _alikeness(line, other), default="")
            self.lines += 1
            if _alikeness(line, found) < _LEAST_ALIKE:
                self.lost_lines += 1
            else:
                self._count(line, found)

    def _count(self, line: str, found: str) -> None:
        self.printed.update(line)
        for old, new, before in _differences(line, found):
            if old:
                self.instead[old, new] += 1
            elif before:
                self.added[before, new] += 1

    def table(self, documents: int) -> str:
        """The rates as TOML."""
        lost = self.lost_lines / max(self.lines, 1)
        head = [f"documents = {documents}", f"characters = {self.printed.total()}", f"lost_lines = {lost:.4f}"]
        return "\n".join([*head, "", *self._rates("instead", self.instead), "", *self._rates("added", self.added), ""])

    def _rates(self, name: str, counts: Counter[tuple[str, str]]) -> Iterator[str]:
        """What is read instead of a character (nothing, where it is lost) or added behind it, with the share."""
        yield f"[{name}]"
        by_character: dict[str, list[str]] = {}
        for (old, new), count in sorted(counts.items()):
            if count >= _LEAST_COUNT:
                by_character.setdefault(old, []).append(f"{_quoted(new)} = {count / self.printed[old]:.5f}")
        yield from (f"{_quoted(old)} = {{ {', '.join(rates)} }}" for old, rates in by_character.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts"))
    parser.add_argument("--pools", type=Path, default=Path("var/starter/pools.json"))
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--seed", type=int, default=5)
    settings = parser.parse_args()
    fonts = sorted(path for path in settings.fonts.rglob("*.ttf") if "Narrow" not in path.name) or [FONT]
    random, engine, tally = Random(settings.seed), RapidOcrEngine(threads=1), Tally()
    order = Order(dict.fromkeys((name for name in WRITERS if name != "drill"), 1.0), sizes=(0, 1), clean=True)
    for sample in islice(samples(order, load_pools(settings.pools), settings.seed), settings.documents):
        lines = [_normal(line)[:_LONGEST_LINE] for line in sample.pages[0].split("\n") if line.strip()][:_MOST_LINES]
        picture = spoil(draw_page(lines, random.choice(fonts), random), random)
        tally.compare(lines, read_page(picture, engine))
    settings.out.write_text(tally.table(settings.documents), encoding="utf-8")


def draw_page(lines: Sequence[str], font: Path, random: Random) -> Image.Image:
    """Black on white: the lines below each other, their cells at column stops."""
    size = random.randint(18, 30)
    face = ImageFont.truetype(font, size)
    stops = _column_stops(lines, face, size)
    width = int(max((_end(line, stops, face) for line in lines), default=100)) + 2 * _MARGIN
    height = int(len(lines) * size * 1.6) + 2 * _MARGIN
    picture = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        for cell, stop in zip(line.split(GAP), stops, strict=False):
            pen.text((_MARGIN + stop, _MARGIN + number * size * 1.6), cell, font=face, fill=random.randint(0, 60))
    return picture


def spoil(picture: Image.Image, random: Random) -> Image.Image:
    """As a scanner, a fax or a telephone leaves it: lower resolution, blur, skew, grain, weak ink, JPEG."""
    factor = random.uniform(0.65, 1.0)
    picture = picture.resize((int(picture.width * factor), int(picture.height * factor)), Image.Resampling.BILINEAR)
    picture = picture.rotate(random.uniform(-0.8, 0.8), fillcolor=255, resample=Image.Resampling.BILINEAR)
    picture = picture.filter(ImageFilter.GaussianBlur(random.uniform(0.0, 0.8)))
    grain = np.random.default_rng(random.randrange(1 << 30)).normal(0, random.uniform(0, 22), picture.size[::-1])
    weak = random.uniform(0.5, 1.0)
    values = np.clip(255 - (255 - np.asarray(picture, dtype=np.float64)) * weak + grain, 0, 255)
    if random.random() < 0.3:
        values = np.where(values > random.uniform(120, 200), 255.0, 0.0)
    stream = io.BytesIO()
    Image.fromarray(values.astype(np.uint8)).save(stream, "JPEG", quality=random.randint(25, 90))
    return Image.open(stream).convert("L")


def read_page(picture: Image.Image, engine: RapidOcrEngine) -> list[str]:
    """The lines that our reader finds."""
    pixels, pieces = engine.read(pixels_of(picture))
    words = arrange(pieces, width=pixels.width, height=pixels.height)
    return [_normal(line) for line in Page(1, pixels.width, pixels.height, words).text.split("\n")]


def _column_stops(lines: Sequence[str], face: ImageFont.FreeTypeFont, size: int) -> list[float]:
    """Where columns begin, so that no cell reaches into the next one."""
    stops = [0.0]
    rows = [line.split(GAP) for line in lines]
    for column in range(max(map(len, rows), default=1) - 1):
        ends = [stops[-1] + face.getlength(row[column]) for row in rows if len(row) > column + 1]
        stops.append(max(ends) + 2.5 * size)
    return stops


def _end(line: str, stops: Sequence[float], face: ImageFont.FreeTypeFont) -> float:
    cells = line.split(GAP)
    return stops[len(cells) - 1] + face.getlength(cells[-1])


def _normal(line: str) -> str:
    return GAP.join(" ".join(cell.split()) for cell in line.split("  ") if cell.strip())


def _alikeness(line: str, other: str) -> float:
    """0 to 1; cheap where the lengths rule it out."""
    if not line or not other or not 0.4 < len(line) / len(other) < 2.5:
        return 0.0
    return SequenceMatcher(None, line, other, autojunk=False).ratio()


def _differences(line: str, found: str) -> Iterator[tuple[str, str, str]]:
    """(printed, read, the character before), one character at a time, by the fewest changes that make one text of the
    other; nothing printed where a character was added, nothing read where one was lost."""
    costs = _costs(line, found)
    row, column = len(line), len(found)
    while row or column:
        old, new = line[row - 1 : row], found[column - 1 : column]
        if row and column and costs[row][column] == costs[row - 1][column - 1] + (old != new):
            row, column = row - 1, column - 1
            if old != new:
                yield old, new, ""
        elif row and costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
            yield old, "", ""
        else:
            column -= 1
            yield "", new, line[row - 1 : row]


def _costs(line: str, found: str) -> list[list[int]]:
    """How many changes make the first characters of one text those of the other, for all lengths of both."""
    costs = [list(range(len(found) + 1))]
    for row, old in enumerate(line, start=1):
        above, here = costs[-1], [row]
        for column, new in enumerate(found, start=1):
            here.append(min(above[column - 1] + (old != new), above[column] + 1, here[-1] + 1))
        costs.append(here)
    return costs


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


if __name__ == "__main__":
    main()
