"""A reading process tries its own walls: each question does what one wall stops and nothing else would stop."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
from collections.abc import Mapping
from pathlib import Path

from extraction.read.sandbox.kernel import call

PR_GET_NO_NEW_PRIVS = 39
CAPABILITY_HEADER = (0x20080522).to_bytes(8, "little")
CAPABILITY_BYTES = 24
AF_UNIX, SOCK_STREAM = 1, 1


def namespace(kind: str) -> int:
    """The number of the namespace that this process is in (net, pid); 0 where that cannot be seen."""
    try:
        return os.stat(f"/proc/self/ns/{kind}").st_ino
    except OSError:
        return 0


def root_is_own() -> bool:
    """The box's root always shows the processes; the root that was put together holds no such folder."""
    return not Path("/proc/self").exists()


def rights_are_gone() -> bool:
    """To be asked before system calls are refused, because these two questions are refused too."""
    held = ctypes.create_string_buffer(CAPABILITY_BYTES)
    call("capget", CAPABILITY_HEADER, held)
    return call("prctl", PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 and not any(held.raw)


def files_are_shut() -> bool:
    """Anybody may list the root folder; only Landlock says no, and says it in this way."""
    try:
        os.close(os.open("/", os.O_RDONLY | os.O_DIRECTORY))
    except OSError as error:
        return error.errno == errno.EACCES
    return False


def system_calls_are_refused() -> bool:
    """Three calls that are anybody's right: a socket, a new namespace of no kind, a file in memory."""
    asked = (("socket", AF_UNIX, SOCK_STREAM, 0), ("unshare", 0), ("memfd_create", b"trial", 0))
    return all(_is_not_permitted(name, *arguments) for name, *arguments in asked)


def _is_not_permitted(name: str, *arguments: int | bytes) -> bool:
    try:
        call(name, *arguments)
    except OSError as error:
        return error.errno == errno.EPERM
    return False


def limits_hold(bounds: Mapping[int, int]) -> bool:
    """`bounds`: resource -> amount. Each stands as it was set, and more memory than allowed is not given."""
    if any(resource.getrlimit(kind) != (amount, amount) for kind, amount in bounds.items()):
        return False
    try:
        mmap.mmap(-1, bounds[resource.RLIMIT_AS]).close()
    except OSError as error:
        return error.errno == errno.ENOMEM
    return False
