"""Cuts a document that is too long for the model to what it would be shown at once: a run of whole lines.

`extraction.windows` cuts the same way when the model is used; each window is asked for every field there, so that a
value outside of it must be answered with null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from extraction.schema import Kind
from models_store.starter.factory.draft import Fact, bare, mark_again, mark_of, read_marks

_SHORTEST_REPEAT = 5
"""Characters of a text that is the value wherever it stands; a shorter one ("12") may stand there by chance."""
_DISTINCT = (Kind.TEXT, Kind.DATE, Kind.IDENTIFIER)


def cut(lines: Sequence[str], longest: int, random: Random) -> list[str]:
    """All lines where they have at most `longest` characters; else a run of them: from the beginning, to the end or
    anywhere. A line that is too long by itself is cut between words."""
    sizes = [len(bare(line)) + 1 for line in lines]
    if sum(sizes) <= longest:
        return list(lines)
    room = longest if random.random() < 0.6 else int(longest * random.uniform(0.3, 1.0))
    place = random.random()
    start = 0 if place < 0.25 else random.randrange(len(lines))
    if place > 0.85:
        start = len(lines) - _count(sizes[::-1], room)
    shown = list(lines[start : start + _count(sizes[start:], room)])
    return shown if len(shown) > 1 else [_piece(shown[0], longest, random)]


def _piece(line: str, longest: int, random: Random) -> str:
    """The line, or a run of its words where it alone is too long."""
    if len(bare(line)) < longest:
        return line
    words = line.split(" ")
    first = random.randrange(len(words)) if random.random() < 0.5 else 0
    return " ".join(words[first : first + _count([len(bare(word)) + 1 for word in words[first:]], longest - 1)])


def recover(lines: Sequence[str], facts: Iterable[Fact]) -> list[str]:
    """The lines of a window, with a value that lies outside marked where it is printed once more, as in a running
    head: there it is the answer too."""
    seen, found = read_marks("\n".join(lines)), list(lines)
    for fact in facts:
        statements = list(fact.statements())
        if fact.concept.kind not in _DISTINCT or not statements or any(mark_of(s) in seen for s in statements):
            continue
        if len(bare(statements[0])) >= _SHORTEST_REPEAT:
            _mark_first(found, statements[0])
    return found


def _mark_first(lines: list[str], marked: str) -> None:
    for index, line in enumerate(lines):
        if (changed := mark_again(line, marked)) is not None:
            lines[index] = changed
            return


def _count(sizes: Sequence[int], room: int) -> int:
    """How many of the first lines fit; at least one."""
    used = 0
    for count, size in enumerate(sizes):
        used += size
        if used > room:
            return max(count, 1)
    return len(sizes)
