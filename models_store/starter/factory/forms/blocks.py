"""Header blocks: label and value pairs in columns that stand side by side, as wide forms print them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from models_store.starter.factory.draft import bare
from models_store.starter.factory.layout import Pair

GAP = "  "
JOINTS = (GAP, GAP, ": ", ":  ", ": ", ":", " ", " : ")


def block(items: Sequence[Pair], joint: str) -> list[str]:
    """A line for each pair."""
    return [label + joint + value for label, value in items]


def stacked(items: Sequence[Pair]) -> list[str]:
    """Label above value."""
    return [line for item in items for line in item]


def grid(items: Sequence[Pair], width: int) -> list[str]:
    """Rows of labels, each above its row of values, `width` pairs a row. Labels without a value stand alone below: in
    a row of values nobody could tell whose place is empty."""
    whole = [pair for pair in items if bare(pair[1]).strip()]
    rows = [whole[i : i + width] for i in range(0, len(whole), width)]
    empty = [label + value for label, value in items if not bare(value).strip()]
    return [GAP.join(cells) for row in rows for cells in zip(*row, strict=True)] + empty


def dealt(items: Sequence[Pair], count: int, random: Random) -> list[list[Pair]]:
    """The pairs dealt out to `count` blocks, in order."""
    cuts = sorted(random.randint(0, len(items)) for _ in range(count - 1))
    return [list(items[a:b]) for a, b in zip((0, *cuts), (*cuts, len(items)), strict=True)]


def across(blocks: Sequence[Sequence[str]], random: Random, shift: int = 2) -> list[str]:
    """Blocks side by side, line by line; each but the first may begin up to `shift` lines lower."""
    lowered = [
        [""] * (random.randint(0, shift) if n and random.random() < 0.5 else 0) + list(b) for n, b in enumerate(blocks)
    ]
    height = max((len(b) for b in lowered), default=0)
    return [GAP.join(b[row] for b in lowered if row < len(b) and b[row]) for row in range(height)]


def flowing(items: Sequence[Pair], joint: str, random: Random) -> list[str]:
    """One to four pairs a line."""
    lines, rest = [], list(items)
    while rest:
        count = random.choice((1, 2, 2, 3, 3, 4))
        lines.append(GAP.join(label + joint + value for label, value in rest[:count]))
        rest = rest[count:]
    return lines
