"""Puts labels and values on lines, as forms, tills and letters do. A column gap is two blanks."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from models_store.starter.factory.pools import WORDS

Pair = tuple[str, str]
_JOINTS = (": ", ": ", ": ", " : ", "  ", ":  ", ":", " ", " = ", " ..... ", "\n", ":\n")


def pairs(items: Sequence[Pair], random: Random) -> list[str]:
    """Label and value pairs in one of the usual forms."""
    form = random.random()
    if form < 0.10 and 2 <= len(items) <= 5:
        return ["  ".join(label for label, _ in items), "  ".join(value for _, value in items)]
    joint = random.choice(_JOINTS)
    lines = [label + joint + value for label, value in items]
    if form < 0.25 and "\n" not in joint:
        return ["  ".join(lines[i : i + 2]) for i in range(0, len(lines), 2)]
    return [part for line in lines for part in line.split("\n")]


def totals(items: Sequence[Pair], random: Random) -> list[str]:
    """Sums at the foot of a table: mostly one a line."""
    joint = random.choice(("  ", "  ", "  ", ": ", " : ", " ", ":  ", "\n"))
    return [part for label, value in items for part in f"{label}{joint}{value}".split("\n")]


def wrapped(text: str, random: Random) -> list[str]:
    """Prose broken into lines of 8 to 16 words."""
    words, lines = text.split(" "), []
    width = random.randint(8, 16)
    while words:
        lines.append(" ".join(words[:width]))
        words = words[width:]
    return lines


def notes(count: int, random: Random) -> list[str]:
    """Lines that no field asks for."""
    rules = ("-" * random.randint(3, 24), "=" * random.randint(3, 20), "*" * 12)
    return [random.choice(WORDS["notes"]) if random.random() < 0.7 else random.choice(rules) for _ in range(count)]


def beside(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """Two blocks side by side: a column gap between them, the longer one goes on alone."""
    short = min(len(left), len(right))
    rows = [f"{a}  {b}" for a, b in zip(left, right, strict=False)]
    return [*rows, *left[short:], *right[short:]]
