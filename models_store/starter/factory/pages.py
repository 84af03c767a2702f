"""Cuts a long draft into pages, and prints what stands at their edges."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from models_store.starter.factory.draft import PAGE_BREAK, depth, marks_in
from models_store.starter.factory.pools import WORDS

_SHORTEST_PAGE = 10
"""Lines of a page that is cut off."""
_LONGEST_HEAD = 60
"""Characters, marks included, of a first line that is repeated on every page."""


def paged(lines: Sequence[str], random: Random, repeatable: Collection[str]) -> list[str]:
    """Lines without line ends in them, and PAGE_BREAK lines between the pages.

    Short drafts stay one page mostly. `repeatable` are the marks that a running head may show once more.
    """
    flat = [part for line in lines for part in line.split("\n")]
    length = random.randint(28, 70)
    if PAGE_BREAK in flat or len(flat) < _SHORTEST_PAGE:
        return flat
    if len(flat) < length and random.random() > 0.1:
        return flat
    sheets = _sheets(flat, min(length, random.randint(_SHORTEST_PAGE // 2, len(flat) - 3)))
    head, foot = _running_head(flat[0], random, repeatable), _foot(random)
    joined: list[str] = []
    for number, sheet in enumerate(sheets, start=1):
        joined += [PAGE_BREAK, *head] if number > 1 else []
        joined += [*sheet, *(line.replace("{n}", str(number)).replace("{of}", str(len(sheets))) for line in foot)]
    return joined


def _sheets(lines: Sequence[str], length: int) -> list[list[str]]:
    """Pages of about `length` lines; no marked value is torn apart."""
    sheets: list[list[str]] = [[]]
    opened = 0
    for line in lines:
        if len(sheets[-1]) >= length and not opened:
            sheets.append([])
        sheets[-1].append(line)
        opened += depth(line)
    return sheets


def _running_head(first: str, random: Random, repeatable: Collection[str]) -> list[str]:
    """What stands on top of every further page: nothing, the first line once more, or a remark."""
    form = random.random()
    if form < 0.35 and len(first) < _LONGEST_HEAD and not depth(first) and marks_in(first) <= set(repeatable):
        return [first]
    return [random.choice(WORDS["running_heads"])] if form > 0.8 else []


def _foot(random: Random) -> list[str]:
    """What stands below every page. {n} and {of} are the page's number and how many there are."""
    foot = [random.choice(WORDS["page_numbers"])] if random.random() < 0.6 else []
    if random.random() < 0.25:
        foot.insert(random.randint(0, len(foot)), random.choice(WORDS["notes"]))
    return foot
