"""A document in the making: its lines, and the facts that stand in them.

A fact's value is wrapped in two private-use characters while the page is laid out, so that wrapping, upper case and
reading errors change the value and the page alike. `resolve` takes the wrapping off and reads the values back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from models_store.starter.factory.wordings import Concept

_OPEN, _CLOSE, _FIRST_ID = "\ue000", "\ue001", 0xE100
_SENTINELS = re.compile(f"{_OPEN}.|{_CLOSE}", re.DOTALL)
MARK_CHARACTERS = re.compile(f"({_OPEN}.|{_CLOSE}|.)", re.DOTALL)
PAGE_BREAK = "\f"
"""A line of its own between two pages."""

Row = dict[str, str]
Value = str | list[str] | list[Row]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of the document. `value` holds marked strings; `option` is the meaning of a closed field; `again`
    holds the later statements of the same text."""

    concept: Concept
    value: Value
    option: str = ""
    again: tuple[str, ...] = ()

    def statements(self) -> Iterator[str]:
        """The marked strings of a single value, in the order in which they were stated."""
        if isinstance(self.value, str):
            yield self.value
            yield from self.again

    def marks(self) -> Iterator[str]:
        """The marks of all that it states, cells of rows included."""
        for item in self.statements() if isinstance(self.value, str) else self.value:
            for marked in item.values() if isinstance(item, dict) else (item,):
                if marked:
                    yield mark_of(marked)


@dataclass(slots=True)
class Draft:
    """The lines, and the facts in them."""

    lines: list[str] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    marks: int = 0
    options: dict[str, str] = field(default_factory=dict)
    """What the marked texts of closed cells mean, by their marks."""

    def mark(self, text: str, option: str = "") -> str:
        """`text` wrapped, to be put on a line and into a fact. `option` is its meaning in a closed cell of a row.

        Marked strings may stand inside the text: a city inside an address.
        """
        self.marks += 1
        if option:
            self.options[chr(_FIRST_ID + self.marks)] = option
        return f"{_OPEN}{chr(_FIRST_ID + self.marks)}{text}{_CLOSE}"

    def state(self, concept: Concept, text: str, option: str = "") -> str:
        """Marks `text` as the value of `concept` and returns it for the page. The first statement counts; where it
        does not stand in a window, a later one of the same text does."""
        marked = self.mark(text)
        known = self.facts.setdefault(concept.name, Fact(concept, marked, option))
        if known.value is not marked and isinstance(known.value, str) and bare(known.value) == bare(marked):
            self.facts[concept.name] = replace(known, again=(*known.again, marked))
        return marked

    def add(self, *lines: str) -> None:
        self.lines += lines


def bare(text: str) -> str:
    """`text` without marks."""
    return _SENTINELS.sub("", text)


def read_marks(text: str) -> dict[str, str]:
    """Every marked value that stands whole in `text`, by its mark, words joined by one blank; of twins the first."""
    found: dict[str, str] = {}
    opened: list[tuple[str, int]] = []
    for sentinel in _SENTINELS.finditer(text):
        if sentinel.group() != _CLOSE:
            opened.append((sentinel.group()[1], sentinel.end()))
        elif opened:
            mark, start = opened.pop()
            found.setdefault(mark, " ".join(bare(text[start : sentinel.start()]).split()))
    return found


def mark_of(marked: str) -> str:
    """The mark of a marked string."""
    return marked[1]


def resolve(marked: str, values: Mapping[str, str]) -> str | None:
    """The value on the page of a marked string; None where it is not on the page."""
    return (values.get(mark_of(marked)) or None) if marked else None


def is_mark(piece: str) -> bool:
    """True for a piece of MARK_CHARACTERS that is not printed."""
    return piece[0] in (_OPEN, _CLOSE)


def depth(text: str) -> int:
    """How many more marked values begin in `text` than end in it."""
    return text.count(_OPEN) - text.count(_CLOSE)


def marks_in(text: str) -> set[str]:
    """The marks of all values that begin in `text`."""
    return {sentinel[1] for sentinel in _SENTINELS.findall(text) if sentinel != _CLOSE}


def mark_again(line: str, marked: str) -> str | None:
    """`line` with the marked value where its text stands unmarked, as words of its own; None if nowhere."""
    text = " ".join(bare(marked).split())
    start = line.find(text)
    if start < 0 or not text:
        return None
    end = start + len(text)
    if line[max(start - 1, 0) : start].isalnum() or line[end : end + 1].isalnum():
        return None
    return f"{line[:start]}{_OPEN}{mark_of(marked)}{text}{_CLOSE}{line[end:]}"
