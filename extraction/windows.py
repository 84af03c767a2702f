"""Cuts a document into windows that fit the model: whole lines where possible, each overlapping the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from extraction.records import Page, ReadDocument, Span, Word

OVERLAP = 0.15
"""Share of a window that is shown again in the next one."""
MAX_WINDOWS = 400
_LONGEST_LINE = 0.5
"""A line may fill this share of a window; longer ones are cut between words."""


@dataclass(frozen=True)
class Window:
    """Words [first, last) of the document. `span` is their place in `flat_text`; `pages` is what the model is shown."""

    first: int
    last: int
    span: Span
    pages: tuple[Page, ...]

    @property
    def lines(self) -> int:
        """Printed lines, whole or in part."""
        return len({(page.number, word.line) for page in self.pages for word in page.words})


@dataclass(frozen=True, slots=True)
class _Line:
    """Words [first, last) of one page, at most one printed line."""

    page: int
    first: int
    last: int
    tokens: int


def cut_windows(document: ReadDocument, *, tokens: int, count_tokens: Callable[[str], int]) -> tuple[Window, ...]:
    """Windows of at most `tokens` document tokens each, in order. A single word larger than half of that is not shown
    to the model. At most MAX_WINDOWS; what lies behind them is not covered."""
    lines = list(_lines(document, max(1, int(tokens * _LONGEST_LINE)), count_tokens))
    offsets = word_offsets(document)
    shown = _is_shown(document, max(1, int(tokens * _LONGEST_LINE)), count_tokens)
    windows: list[Window] = []
    start = 0
    while start < len(lines) and len(windows) < MAX_WINDOWS:
        end = _fill(lines, start, tokens)
        windows.append(_window(document, offsets, shown, first=lines[start].first, last=lines[end - 1].last))
        if end == len(lines):
            break
        start = _step_back(lines, start, end, int(tokens * OVERLAP))
    return tuple(windows)


def pages_covered(document: ReadDocument, windows: Sequence[Window]) -> int:
    """Pages whose words were all given to the model; a page without words counts."""
    reached = max((window.last for window in windows), default=0)
    covered, position = 0, 0
    for page in document.pages:
        position += len(page.words)
        covered += position <= reached
    return covered


def word_offsets(document: ReadDocument) -> list[int]:
    """Where each word starts in `flat_text`, and one more: the end of the text plus one."""
    offsets = [0]
    for _, word in document.words:
        offsets.append(offsets[-1] + len(word.text) + 1)
    return offsets


def _lines(document: ReadDocument, longest: int, count_tokens: Callable[[str], int]) -> Iterator[_Line]:
    first = 0
    for (page, _), group in groupby(document.words, key=lambda entry: (entry[0], entry[1].line)):
        words = [word for _, word in group]
        tokens = count_tokens(" ".join(word.text for word in words)) + 1
        if tokens <= longest:
            yield _Line(page, first, first + len(words), tokens)
        else:
            yield from _pieces(words, page, first, longest, count_tokens)
        first += len(words)


def _pieces(
    words: Sequence[Word], page: int, first: int, longest: int, count_tokens: Callable[[str], int]
) -> Iterator[_Line]:
    start, tokens = 0, 0
    for index, word in enumerate(words):
        size = min(count_tokens(word.text) + 1, longest)
        if index > start and tokens + size > longest:
            yield _Line(page, first + start, first + index, tokens)
            start, tokens = index, 0
        tokens += size
    yield _Line(page, first + start, first + len(words), tokens)


def _is_shown(document: ReadDocument, longest: int, count_tokens: Callable[[str], int]) -> list[bool]:
    """A word of fewer bytes than `longest` cannot have more tokens, so few words are counted."""
    return [
        len(word.text.encode("utf-8", "replace")) < longest or count_tokens(word.text) < longest
        for _, word in document.words
    ]


def _fill(lines: Sequence[_Line], start: int, tokens: int) -> int:
    """The end of the window that begins at `start`: always at least one line."""
    used, end = 0, start
    while end < len(lines) and (end == start or used + lines[end].tokens <= tokens):
        used += lines[end].tokens
        end += 1
    return end


def _step_back(lines: Sequence[_Line], start: int, end: int, overlap: int) -> int:
    """The next window's first line: as many lines back from `end` as fit into the overlap, but ahead of `start`."""
    used, first = 0, end
    while first - 1 > start and used + lines[first - 1].tokens <= overlap:
        first -= 1
        used += lines[first].tokens
    return first


def _window(document: ReadDocument, offsets: list[int], shown: list[bool], *, first: int, last: int) -> Window:
    pages: list[Page] = []
    position = 0
    for page in document.pages:
        low, high = max(first, position), min(last, position + len(page.words))
        if low < high:
            words = tuple(page.words[index - position] for index in range(low, high) if shown[index])
            pages.append(replace(page, words=words, image_png=b""))
        position += len(page.words)
    return Window(first, last, Span(offsets[first], offsets[last] - 1), tuple(pages))
