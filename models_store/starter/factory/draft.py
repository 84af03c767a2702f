"""A document in the making: its lines, and the facts that stand in them.

A fact's value is wrapped in two private-use characters while the page is laid out, so that wrapping, upper case and
reading errors change the value and the page alike. `resolve` takes the wrapping off and reads the values back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from models_store.starter.factory.wordings import Concept

_OPEN, _CLOSE, _FIRST_ID = "\ue000", "\ue001", 0xE100
_MARKED = re.compile(f"{_OPEN}(.)([^{_CLOSE}]*){_CLOSE}", re.DOTALL)
_SENTINELS = re.compile(f"{_OPEN}.|{_CLOSE}", re.DOTALL)
MARK_CHARACTERS = re.compile(f"({_OPEN}.|{_CLOSE}|.)", re.DOTALL)

Row = dict[str, str]
Value = str | list[str] | list[Row]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of the document. `value` holds marked strings; `option` is the meaning of a closed field."""

    concept: Concept
    value: Value
    option: str = ""


@dataclass(slots=True)
class Draft:
    """The lines, and the facts in them."""

    lines: list[str] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    marks: int = 0
    options: dict[str, str] = field(default_factory=dict)
    """What the marked texts of closed cells mean, by their marks."""

    def mark(self, text: str, option: str = "") -> str:
        """`text` wrapped, to be put on a line and into a fact. `option` is its meaning in a closed cell of a row."""
        self.marks += 1
        if option:
            self.options[chr(_FIRST_ID + self.marks)] = option
        return f"{_OPEN}{chr(_FIRST_ID + self.marks)}{text}{_CLOSE}"

    def state(self, concept: Concept, text: str, option: str = "") -> str:
        """Marks `text` as the value of `concept` and returns it for the page. The first statement counts."""
        marked = self.mark(text)
        self.facts.setdefault(concept.name, Fact(concept, marked, option))
        return marked

    def add(self, *lines: str) -> None:
        self.lines += lines


def bare(text: str) -> str:
    """`text` without marks."""
    return _SENTINELS.sub("", text)


def read_marks(text: str) -> dict[str, str]:
    """Every marked value that stands in `text`, by its mark, words joined by one blank."""
    return {mark: " ".join(value.split()) for mark, value in _MARKED.findall(text)}


def mark_of(marked: str) -> str:
    """The mark of a marked string."""
    return marked[1]


def resolve(marked: str, values: Mapping[str, str]) -> str | None:
    """The value on the page of a marked string; None where it is not on the page."""
    found = _MARKED.match(marked)
    return (values.get(found.group(1)) or None) if found else None
