"""The rows of a list go down the page: the rarest value of a row is placed first, behind the row before, and the
others at the places nearest to it. `extraction.ground` places the values of an answer in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extraction.records import Span
from models_store.tuning.nodes import Single


def placed(rows: Sequence[Mapping[str, Single]]) -> Iterator[dict[str, Single]]:
    """The rows with one place for each printed cell."""
    taken: set[Span] = set()
    behind = -1
    for row in rows:
        chosen: dict[str, Span] = {}
        anchor: Span | None = None
        for name, cell in sorted(row.items(), key=lambda entry: len(entry[1].places)):
            if not cell.places:
                continue
            free = [place for place in cell.places if place not in taken] or list(cell.places)
            chosen[name] = _ahead(free, behind) if anchor is None else _nearest(free, anchor)
            anchor = anchor or chosen[name]
        taken |= set(chosen.values())
        behind = anchor.start if anchor else behind
        yield {name: Single((chosen[name],) if name in chosen else (), cell.closed) for name, cell in row.items()}


def _ahead(places: Sequence[Span], behind: int) -> Span:
    later = [place for place in places if place.start > behind]
    return min(later or places, key=lambda place: place.start)


def _nearest(places: Sequence[Span], anchor: Span) -> Span:
    return min(places, key=lambda place: abs(place.start - anchor.start))
