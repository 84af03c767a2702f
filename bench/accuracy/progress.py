"""One line on stderr while a set runs: how many of how many, and about how long it still takes."""

from __future__ import annotations

import sys
import time


class Progress:
    """Rewritten on a terminal; elsewhere a line now and then."""

    def __init__(self, name: str, total: int) -> None:
        self._name = name
        self._total = total
        self._started = time.monotonic()

    def told(self, done: int) -> None:
        on_terminal, is_last = sys.stderr.isatty(), done == self._total
        if not (on_terminal or is_last or done % 10 == 0):
            return
        left = (time.monotonic() - self._started) / done * (self._total - done)
        line = f"{self._name}: {done} of {self._total}, {left:.0f} s left"
        end = "\r" if on_terminal and not is_last else "\n"
        sys.stderr.write(("\x1b[2K" if on_terminal else "") + line + end)
        sys.stderr.flush()
