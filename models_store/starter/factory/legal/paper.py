"""Prose on paper: lines of a page's width, numbered paragraphs, headers and footers between the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import PAGE_BREAK, bare, depth


def flow(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters; line breaks of the text stay. No breaks of its own where width is 0."""
    return [line for part in text.split("\n") for line in (_broken(part, width) if width else [part])]


def _broken(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    room = width
    for word in text.split(" "):
        size = len(bare(word)) + 1
        if size > room and line:
            lines.append(" ".join(line))
            line, room = [], width
        line.append(word)
        room -= size
    return [*lines, " ".join(line)]


def page_width(desk: Desk) -> int:
    """The width of one document's lines; 0 for the third that has a paragraph on each line."""
    return 0 if desk.chance(0.33) else desk.random.randint(52, 112)


def paged(lines: Sequence[str], desk: Desk, furniture: Callable[[int, int], Sequence[str]]) -> list[str]:
    """The lines with headers and footers between pages of 30 to 55 lines, never inside a marked value."""
    height = desk.random.randint(30, 55)
    count = len(lines) // height + 1
    out: list[str] = []
    page, used, opened = 1, 0, 0
    for line in lines:
        out.append(line)
        used += 1
        opened += depth(line)
        if used >= height and not opened and page < count:
            out += [*furniture(page, count), PAGE_BREAK]
            page, used = page + 1, 0
    return [*out, *furniture(page, count)]
