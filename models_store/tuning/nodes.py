"""Where the answers of a document stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extraction.records import Span


@dataclass(frozen=True, slots=True)
class Single:
    """One value. `places`: where it is printed, the meant one first. `closed`: an option or boolean, which may be
    printed nowhere. Neither: the document does not hold it."""

    places: tuple[Span, ...] = ()
    closed: str | bool | None = None

    @property
    def is_absent(self) -> bool:
        return not self.places and self.closed is None


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values in the order of the page."""

    items: tuple[Single, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of groups; each row has the same columns, each cell at most one place."""

    rows: tuple[Mapping[str, Single], ...]


@dataclass(frozen=True, slots=True)
class Group:
    parts: Mapping[str, Node]


Node = Single | Items | Rows | Group
