"""The units of a verbatim span: letter runs, digit runs, blanks and single other characters of the text.

A value may start and end at any unit boundary, and nowhere else. Cutting a value into units gives back exactly the
units it was copied from, so its places in the document are looked up, never searched for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

from extraction.records import Span

LONGEST_UNIT = 64
"""Longer runs are cut: an automaton over a word of thousands of letters is too costly to build."""
_WITHOUT_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts that put no blanks between words (Thai, Lao, Burmese, Khmer, Chinese, Japanese): each character is a unit."""
_UNIT = re.compile(
    rf"[^\W\d_{_WITHOUT_BLANKS}]{{1,{LONGEST_UNIT}}}|\d{{1,{LONGEST_UNIT}}}|.",
    re.DOTALL,
)


def units(text: str) -> list[str]:
    """The text cut into units; joined again they give the text."""
    return _UNIT.findall(text)


class UnitIndex:
    """All places of a text, by unit."""

    def __init__(self, text: str) -> None:
        self._units = units(text)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for position, unit in enumerate(self._units):
            self._places[unit].append(position)

    def spans(self, value: str) -> tuple[Span, ...]:
        """Every place where `value` stands, first to last, as characters of the text; empty if it stands nowhere."""
        wanted = units(value)
        if not wanted:
            return ()
        alive = self._places.get(wanted[0], [])
        for distance, unit in enumerate(wanted[1:], start=1):
            alive = [first for first in alive if self._unit_at(first + distance) == unit]
        return tuple(Span(self._starts[first], self._starts[first] + len(value)) for first in alive)

    def _unit_at(self, position: int) -> str | None:
        return self._units[position] if position < len(self._units) else None

    @cached_property
    def _starts(self) -> list[int]:
        starts, offset = [], 0
        for unit in self._units:
            starts.append(offset)
            offset += len(unit)
        return starts
