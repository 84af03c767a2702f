"""The sample documents that come with the product, to try types on. Every name and number in them is made up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

TEXTS = Path(__file__).parent / "sample_documents"


@dataclass(frozen=True, slots=True)
class Sample:
    """`name` is the name of the file, which begins with the name of the type that it fits: invoice-1.pdf."""

    name: str
    path: Path

    @property
    def type_name(self) -> str:
        return self.path.stem.partition("-")[0]

    @property
    def title(self) -> str:
        words = self.path.stem.replace("_", " ").replace("-", " ").capitalize()
        return f"{words} ({self.path.suffix[1:].upper()})"


@cache
def samples() -> tuple[Sample, ...]:
    """The files of samples/ that the first start uploads, and a text for each shipped type."""
    scans = settings.BASE_DIR / "samples"
    found = [path for folder in (scans, TEXTS) if folder.is_dir() for path in folder.iterdir() if path.is_file()]
    return tuple(Sample(path.name, path) for path in sorted(found, key=lambda path: path.name) if path.suffix != ".md")


def sample(name: str) -> Sample:
    """Raises KeyError for a name that is not shipped."""
    return {s.name: s for s in samples()}[name]
