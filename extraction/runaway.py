"""Lists that run away: a weak model can say the same rows again and again, up to its limit.

A row is surplus when the same row was said as often before as the rarest of its values stands in the text: no further
place is left for it. A few surplus rows in a row end the answer. Surplus rows that something new follows stay:
grounding knows better which of them stand on places of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from extraction.decode import RawValue, read_answer
from extraction.language_model import Generation
from extraction.records import ValuePath
from extraction.rows import column, list_path, row_path
from extraction.schema import FieldSpec

SURPLUS_ROWS = 3
"""So many in a row, and nothing new will come."""
_STRIDE = 200
"""Bytes of the answer from one look to the next: reading it after every token would cost more than it saves."""
_Row = list[RawValue]


class RepeatWatch:
    """Says whether the list that is being written only repeats itself. One for each question: it counts its looks."""

    def __init__(self, fields: Sequence[FieldSpec], text: str) -> None:
        """`text` is what may be quoted."""
        self._fields = fields
        self._text = text
        self._next_look = _STRIDE

    def __call__(self, answer: bytes) -> bool:
        if len(answer) < self._next_look:
            return False
        self._next_look = len(answer) + _STRIDE
        read = read_answer(Generation(answer, (), finished=False), self._fields)
        return _surplus_at_end(_last_list(read.values), self._text) >= SURPLUS_ROWS


def without_surplus_rows(values: Sequence[RawValue], text: str) -> tuple[RawValue, ...]:
    """The values of an answer that was cut off, without the surplus rows at the end of its last list."""
    rows = _last_list(values)
    surplus = _surplus_at_end(rows, text)
    dropped = {value.path for row in rows[len(rows) - surplus :] for value in row}
    return tuple(value for value in values if value.path not in dropped)


def _last_list(values: Sequence[RawValue]) -> list[_Row]:
    """The rows of the list that was written last."""
    rows = [list(row) for path, row in groupby(values, key=lambda value: row_path(value.path)) if path is not None]
    return [row for row in rows if list_path(row[0].path) == list_path(rows[-1][0].path)]


def _surplus_at_end(rows: Sequence[_Row], text: str) -> int:
    """How many rows at the end are surplus, without a gap."""
    said: Counter[tuple[tuple[ValuePath, str | None], ...]] = Counter()
    run = 0
    for row in rows:
        content = tuple((column(value.path), value.raw) for value in row)
        run = run + 1 if said[content] >= _places(row, text) else 0
        said[content] += 1
    return run


def _places(row: _Row, text: str) -> int:
    """How often the rarest value of the row stands in the text; 1 for a row that quotes nothing."""
    quoted = (value.raw for value in row if value.raw is not None and value.spec.kind.is_span)
    return min((text.count(raw) for raw in quoted), default=1)
