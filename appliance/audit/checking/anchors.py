"""Checkpoints that lie outside the database: the check holds the log against them."""

from __future__ import annotations

from pathlib import Path

from appliance.audit.log.anchors import anchor_folder

AT_MOST = 200
"""A year has half a million; the command line and the time of a check are bounded, so some stand for all."""


def anchors_for_check(at_most: int = AT_MOST) -> tuple[Path, ...]:
    """The newest ones of the anchor folder and, evenly, older ones; none where the folder is away."""
    try:
        found = sorted(path for path in anchor_folder().glob("*.note") if path.is_file())
    except OSError:
        return ()
    newest, older = found[-at_most // 2 :], found[: -at_most // 2]
    step = max(1, -(-len(older) // (at_most // 2)))
    return (*older[::step], *newest)
