"""A page that kills or stalls the reading process does not take its document along: reading goes on behind it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace

from extraction.errors import ReaderCrashed, ReadingTimeout
from extraction.read.boundary import Ended, Event, Started, parse
from extraction.read.limits import Limits
from extraction.read.messages import ParsedPage, UnreadablePage

BY_PAGES = frozenset({"pdf", "image"})
"""Kinds whose pages stand by themselves, so that reading can begin at any of them."""
MOST_STARTS = 5


def parse_on(untrusted_content: bytes, kind: str, limits: Limits) -> Generator[Event]:
    """As `parse`, but a page that stalls the process, or kills it twice, is given up and the next one is read.

    Each start has half the time of the one before, so all together take less than twice `base_seconds`. Raises what
    `parse` raises where no page is known yet, or where the format has none of its own.
    """
    walk = _Walk()
    for start in range(MOST_STARTS):
        rest = replace(limits, first_page=walk.told + 1, base_seconds=limits.base_seconds / 2**start)
        try:
            with closing(parse(untrusted_content, kind, rest)) as events:
                yield from walk.through(events)
            return
        except (ReaderCrashed, ReadingTimeout) as error:
            if kind not in BY_PAGES or not walk.count:
                raise
            yield from walk.past(error, is_last=start + 1 == MOST_STARTS)
        if walk.told == walk.count:
            yield Ended(("structure_unreadable",))
            return


class _Walk:
    """How far the telling of a document has come, over several starts."""

    def __init__(self) -> None:
        self.count = 0
        self.told = 0
        self._killed_at = -1

    def through(self, events: Iterator[Event]) -> Iterator[Event]:
        """The events of one start; a document begins only once."""
        for event in events:
            if isinstance(event, Started) and self.count:
                continue
            if isinstance(event, Started):
                self.count = event.page_count
            elif isinstance(event, ParsedPage | UnreadablePage):
                self.told += 1
            yield event

    def past(self, error: ReaderCrashed | ReadingTimeout, *, is_last: bool) -> Iterator[UnreadablePage]:
        """The pages that are given up: none the first time that one kills the process, all that are left at last."""
        if isinstance(error, ReaderCrashed) and self._killed_at != self.told and not is_last:
            self._killed_at = self.told
            return
        until = self.count if is_last else min(self.told + 1, self.count)
        while self.told < until:
            self.told += 1
            yield UnreadablePage(error.code)
