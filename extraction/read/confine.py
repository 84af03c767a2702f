"""The one place where the reading process gives up its rights, before it has seen a byte of the document.

The kernel sandbox (namespaces, Landlock, seccomp) belongs here too and nowhere else.
"""

from __future__ import annotations

import ctypes
import resource
import signal

from extraction.read.limits import Limits

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def confine(limits: Limits) -> None:
    """Bound memory, processor time, descriptors and files of this very process; it dies with its parent."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    seconds = int(limits.seconds_for(limits.pages)) + 1
    for kind, amount in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))
