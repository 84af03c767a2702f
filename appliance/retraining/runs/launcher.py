"""Bounds this process, then becomes the program that it is to run: a file of its own, so that it starts at once.

    python launcher.py PARENT NICENESS MEMORY program argument ...

The program yields to everything else, may claim MEMORY bytes (0: no bound; mapped files do not count) and dies with
PARENT, the process that started it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent, niceness, memory = (int(text) for text in arguments[:3])
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        sys.exit(1)
    os.nice(niceness)
    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(arguments[3], arguments[3:])  # noqa: S606  an argument list of our own, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
