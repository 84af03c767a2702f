"""What stands in for a worker that listens, and the shapes of what fixtures give."""

from __future__ import annotations

from collections.abc import Callable

Put = Callable[[str], str]
Approved = Callable[[str], None]


class CountedBell:
    """Nobody listens; how often it rang is kept."""

    def __init__(self) -> None:
        self.rung = 0

    def __call__(self) -> None:
        self.rung += 1
