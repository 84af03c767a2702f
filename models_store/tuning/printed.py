"""A document's text as anchoring sees it: its letters and digits, and the places where a span may begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from extraction.compare import letters_and_digits
from extraction.records import Span
from extraction.spans import units

_JOINS = frozenset(".,:/-'’")
"""With a letter or digit behind it, such a mark goes on with a word: "12" is no word of "12.50"."""


class PrintedText:
    """`text` is a document's `flat_text`. Spans begin and end where the grammar lets values begin and end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._edges = frozenset(accumulate(map(len, units(text)), initial=0))
        folded = [(c, at) for at, character in enumerate(text) for c in character.casefold() if c.isalnum()]
        self._letters = "".join(c for c, _ in folded)
        self._at = [at for _, at in folded]

    def of(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def saying(self, gold: str) -> tuple[Span, ...]:
        """All spans with the letters and digits of `gold`, in order. Marks around it that `gold` has are taken in."""
        wanted = letters_and_digits(gold)
        return tuple(self._with_marks(span, gold.strip()) for span in self._find(wanted)) if wanted else ()

    def is_possible(self, span: Span) -> bool:
        """Whether a value may begin and end there."""
        return span.start in self._edges and span.end in self._edges

    def whole(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Those that are words of their own, not a part of a longer code or number."""
        return tuple(span for span in spans if self._is_whole(span))

    def _find(self, wanted: str) -> Iterator[Span]:
        at = self._letters.find(wanted)
        while at >= 0:
            span = Span(self._at[at], self._at[at + len(wanted) - 1] + 1)
            if self.is_possible(span):
                yield span
            at = self._letters.find(wanted, at + 1)

    def _with_marks(self, span: Span, gold: str) -> Span:
        inner = [at for at, c in enumerate(gold) if c.isalnum()]
        head, tail = gold[: inner[0]], gold[inner[-1] + 1 :]
        start = span.start - len(head) if self.text[: span.start].endswith(head) else span.start
        end = span.end + len(tail) if self.text.startswith(tail, span.end) else span.end
        return Span(start, end)

    def _is_whole(self, span: Span) -> bool:
        before, after = self.text[max(0, span.start - 2) : span.start][::-1], self.text[span.end : span.end + 2]
        return not (_goes_on(before) or _goes_on(after))


def _goes_on(outside: str) -> bool:
    """`outside`: the two characters next to a span, the nearer one first."""
    if outside[:1].isalnum():
        return True
    return outside[:1] in _JOINS and outside[1:2].isalnum()
