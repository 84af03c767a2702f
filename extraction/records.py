"""The frozen records that cross every boundary of the library.

Units: boxes are fractions of the page image (0..1, origin at the top left), so they survive any rendering size.
Offsets are characters of `ReadDocument.flat_text`: all words of all pages, in reading order, joined by one blank.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

ValuePath = tuple[str | int, ...]
"""Where a value stands in the answer: ("total",) or ("line_items", 0, "amount")."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, as fractions of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One word as printed. `line` counts from 0 on its page; `gap` says that a column gap stands before it."""

    text: str
    box: Box
    line: int
    gap: bool = False
    ocr_confidence: float | None = None


@dataclass(frozen=True)
class Page:
    """One page: its words in reading order and its image (`width` x `height` pixels, PNG bytes)."""

    number: int
    width: int
    height: int
    words: tuple[Word, ...]
    image_png: bytes = field(default=b"", repr=False, compare=False)

    @cached_property
    def text(self) -> str:
        """The page as lines; a column gap is two blanks. This is what a model reads."""
        parts: list[str] = []
        line = None
        for word in self.words:
            if line is not None:
                parts.append("\n" if word.line != line else "  " if word.gap else " ")
            parts.append(word.text)
            line = word.line
        return "".join(parts)


@dataclass(frozen=True)
class Attachment:
    """A file inside another one (an e-mail's attachment). Both fields come from the document: not to be trusted."""

    untrusted_name: str
    untrusted_content: bytes = field(repr=False)


@dataclass(frozen=True)
class ReadDocument:
    """What reading makes of a file. `findings` are codes of remarks, e.g. "javascript_ignored"."""

    media_type: str
    pages: tuple[Page, ...]
    reader_digest: str
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[str, ...] = ()

    @cached_property
    def words(self) -> tuple[tuple[int, Word], ...]:
        """All words of the document, each with its page number."""
        return tuple((page.number, word) for page in self.pages for word in page.words)

    @cached_property
    def flat_text(self) -> str:
        return " ".join(word.text for _, word in self.words)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of `ReadDocument.flat_text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that a value was read from: one box for each line that the span touches."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Reading:
    """A normal form and the name of the rule that derived it, e.g. ("2024-03-04", "date:dmy")."""

    normal: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody should look: a stable code and a sentence for the clerk."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of an extraction.

    `raw` is a verbatim span of the document (text-like kinds), an option (enum), "true"/"false" (boolean), or None when
    the document does not hold it. `reading` is None when no rule could derive a normal form. `alternatives` keeps other
    legal readings of the same span. `confidence` is 0..1 from the token probabilities under the grammar.
    """

    path: ValuePath
    raw: str | None
    span: Span | None = None
    regions: tuple[Region, ...] = ()
    occurrences: int = 0
    reading: Reading | None = None
    alternatives: tuple[Reading, ...] = ()
    confidence: float = 0.0
    ocr_confidence: float | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A rule of the document type that the values break."""

    code: str
    sentence: str
    paths: tuple[ValuePath, ...]


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 (hex) of all that made an extraction: the same bytes with the same digests give the same result."""

    model: str
    prompt: str
    schema: str
    reader: str
    grammar: str


@dataclass(frozen=True)
class Extraction:
    """The result of one run over one document. Immutable; a re-run makes another."""

    values: tuple[FieldValue, ...]
    issues: tuple[Issue, ...]
    digests: Digests
    pages_total: int
    pages_covered: int
    windows: int
    seconds: float = field(compare=False, default=0.0)
