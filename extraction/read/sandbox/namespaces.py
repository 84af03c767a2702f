"""Namespaces of its own for a process, where the kernel allows them: user, network, mounts, processes, ipc, name.

`enter` goes on in a new process, the first of its process namespace; the one that called it waits and then ends too.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

from extraction.read.sandbox.kernel import call

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
ALL_NEW = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 1 << 12, 1 << 14, 1 << 18
MNT_DETACH = 2
SYS_MOUNT_SETATTR = 442
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
NOBODY = 65534
STAGE = Path("/proc")
"""Where the new root is put together: a folder that is always there and from which nothing is bound."""


def enter(*, dies_with_parent: int) -> None:
    """Raises OSError where namespaces are refused; the process is then as before. `dies_with_parent`: a signal."""
    uid, gid = os.geteuid(), os.getegid()
    call("unshare", ALL_NEW)
    for name, line in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {uid} 1"), ("gid_map", f"{NOBODY} {gid} 1")):
        try:
            Path("/proc/self", name).write_text(line, encoding="ascii")
        except OSError:
            break  # without a name of its own it owns nothing; what follows shows what it can do
    _go_on_in_a_child(dies_with_parent)


def _go_on_in_a_child(dies_with_parent: int) -> None:
    """Only the child returns. A SIGTERM to the waiting process ends the child first, so that both are reaped."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.fork()
    if pid:
        signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGKILL))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    call("prctl", 1, dies_with_parent, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def take_new_root(readable: Iterable[Path]) -> None:
    """Make `readable`, at their places and read-only, all that this mount namespace holds. Raises OSError."""
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    call("mount", b"none", bytes(STAGE), b"tmpfs", MS_NOSUID | MS_NODEV, b"size=64k,mode=755")
    for path in readable:
        place = STAGE.joinpath(*path.parts[1:])
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        call("mount", bytes(path), bytes(place), None, MS_BIND | MS_REC, None)
    os.chdir(STAGE)
    call("pivot_root", b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")
    attributes = b"".join(value.to_bytes(8, "little") for value in (ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, 0, 0, 0))
    call("syscall", SYS_MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, attributes, len(attributes))
