"""What is left of a span when the words around its one date or number are off: "Dated 12 May 2020", "Total GBP 17.80".

All digits stay inside, but for times of day: where two dates or numbers stand in a span, none of its parts is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_TOKENS = 12
"""Longer spans are sentences: what their number means is not for a rule to say."""
AROUND = "+around"
"""Ends the name of a rule that was used on a part of the span."""
_GLUED = re.compile(r"(?<=[^\W\d_]):(?=\S)")
_TIME = re.compile(r"\(?\d{1,2}[:.h]\d{2}(:\d{2})?,?\)?")
_EDGE = " ,;:|"


def parts_before_words(text: str) -> Iterator[tuple[str, str]]:
    """(words taken off at the start, what is left), the longest rest first."""
    tokens = _tokens(text)
    for first in range(1, len(tokens)):
        if _has_number(tokens[first - 1]):
            return
        yield " ".join(tokens[:first]), " ".join(tokens[first:]).strip(_EDGE)


def parts_between_words(text: str) -> Iterator[tuple[str, str]]:
    """(words taken off at both ends, what is left), the longest rest first."""
    tokens = _tokens(text)
    heads = _wordy(tokens)
    tails = _wordy(tokens[::-1])
    cuts = [(head, tail) for head in range(heads + 1) for tail in range(tails + 1) if 0 < head + tail < len(tokens)]
    for head, tail in sorted(cuts, key=sum):
        end = len(tokens) - tail
        yield " ".join((*tokens[:head], *tokens[end:])), " ".join(tokens[head:end]).strip(_EDGE)


def _tokens(text: str) -> list[str]:
    tokens = _GLUED.sub(": ", text).split()
    return tokens if len(tokens) <= MOST_TOKENS else []


def _wordy(tokens: list[str]) -> int:
    """How many tokens at the start hold no number; a time of day is none."""
    return next((n for n, token in enumerate(tokens) if _has_number(token) and not _TIME.fullmatch(token)), len(tokens))


def _has_number(token: str) -> bool:
    return any(c.isdigit() for c in token)
