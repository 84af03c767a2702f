"""The protections of a reading process by name: those without which no document is opened, and those wished for."""

from __future__ import annotations

from enum import StrEnum


class Protection(StrEnum):
    """A wall that the reading process has tried from the inside."""

    RIGHTS = "rights"
    """No capability, and no way to gain a right by starting another program."""
    FILES = "files"
    """Landlock: reads the interpreter, the libraries and the fonts; writes nothing."""
    SYSTEM_CALLS = "system_calls"
    """seccomp: only the calls that a parser needs; no socket, no new process, no other program."""
    LIMITS = "limits"
    """Memory, processor time, open files; no file grows."""
    NETWORK = "network"
    """A network namespace of its own, with nothing in it."""
    MOUNTS = "mounts"
    """A root directory of its own, which holds what it may read and nothing else."""
    PROCESSES = "processes"
    """A process namespace of its own: no other process has a number there."""


NEEDED = frozenset({Protection.RIGHTS, Protection.FILES, Protection.SYSTEM_CALLS, Protection.LIMITS})
"""Enough alone: containers that refuse namespaces have these. The others are a second wall behind them."""
