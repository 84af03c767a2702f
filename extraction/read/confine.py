"""The one place where the reading process gives up its rights, before it has seen a byte of the document."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Sequence
from pathlib import Path

from extraction.read.limits import Limits
from extraction.read.sandbox import landlock, namespaces, seccomp, trying
from extraction.read.sandbox.kernel import call
from extraction.read.sandbox.protections import Protection
from extraction.read.sandbox.readable import readable_paths
from extraction.read.sandbox.system_calls import filter_program

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def confine(limits: Limits) -> frozenset[Protection]:
    """Build every wall that this kernel allows and say which stand, each tried from the inside. Cannot be undone.

    Where namespaces are allowed it returns in a new process. Processes of one thread only.
    """
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    bounds = _bounds(limits)
    for kind, amount in bounds.items():
        resource.setrlimit(kind, (amount, amount))
    readable = readable_paths()
    standing = _stand_apart(readable)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    standing |= shut_in(readable)
    if trying.limits_hold(bounds):
        standing.add(Protection.LIMITS)
    return frozenset(standing)


def shut_in(readable: Sequence[Path]) -> set[Protection]:
    """Leave this process its memory, the reading of `readable`, and its open files; say which of the walls stand.

    For any process of one thread that opens what others made. Limits and namespaces are its own affair.
    """
    standing = set()
    _give_up_rights()
    if trying.rights_are_gone():
        standing.add(Protection.RIGHTS)
    _give_up_files_and_calls(readable)
    if trying.files_are_shut():
        standing.add(Protection.FILES)
    if trying.system_calls_are_refused():
        standing.add(Protection.SYSTEM_CALLS)
    return standing


def _bounds(limits: Limits) -> dict[int, int]:
    return {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: int(limits.seconds_for(limits.pages)) + 1,
        resource.RLIMIT_NOFILE: limits.descriptors,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }


def _stand_apart(readable: Sequence[Path]) -> set[Protection]:
    """Namespaces of its own, as far as the kernel or the container allows."""
    network, processes = trying.namespace("net"), trying.namespace("pid")
    try:
        namespaces.enter(dies_with_parent=signal.SIGKILL)
    except OSError:
        return set()
    standing = set()
    if trying.namespace("net") != network:
        standing.add(Protection.NETWORK)
    if trying.namespace("pid") != processes:
        standing.add(Protection.PROCESSES)
    try:
        namespaces.take_new_root(readable)
    except OSError:
        return standing
    return standing | {Protection.MOUNTS} if trying.root_is_own() else standing


def _give_up_rights() -> None:
    call("capset", trying.CAPABILITY_HEADER, bytes(trying.CAPABILITY_BYTES))
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _give_up_files_and_calls(readable: Sequence[Path]) -> None:
    """A wall that cannot be built is not an error here: it will be missing from those that stand."""
    try:
        landlock.restrict_to(readable)
        seccomp.install(filter_program(os.uname().machine))
    except (OSError, KeyError):
        return
