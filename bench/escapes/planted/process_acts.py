"""Acts on processes: new ones, and those that others run."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
from typing import Any

from extraction.read.sandbox.kernel import call

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
SYS_PIDFD_GETFD = 438
A_FEW = 20


class Piece(ctypes.Structure):
    _fields_ = [("address", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def start_a_shell(targets: dict[str, Any]) -> bool:
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 7"], {})
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def become_a_shell(targets: dict[str, Any]) -> bool:
    """In a process of its own, or where there can be none in place of this one, which then never answers again."""
    try:
        child = os.fork()
    except OSError:
        child = 0
    if not child:
        os.execv("/bin/sh", ["sh", "-c", "exit 7"])  # noqa: S606  what an intruder would do
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def multiply(targets: dict[str, Any]) -> bool:
    started = 0
    for _ in range(A_FEW):
        child = os.fork()
        if not child:
            os._exit(0)
        started += 1
        os.waitpid(child, 0)
    return started == A_FEW


def kill_a_process(targets: dict[str, Any]) -> bool:
    os.kill(targets["victim_to_kill"], signal.SIGKILL)
    return True


def kill_the_parent(targets: dict[str, Any]) -> bool:
    """A signal that changes nothing, so that the trial can go on."""
    os.kill(targets["parent"], signal.SIGCONT)
    return True


def signal_by_a_descriptor(targets: dict[str, Any]) -> bool:
    """Who owns a descriptor gets a signal when something arrives at it: names another process as the owner."""
    fcntl.fcntl(1, fcntl.F_SETOWN, targets["victim"])
    return True


def trace_a_process(targets: dict[str, Any]) -> bool:
    call("ptrace", PTRACE_ATTACH, targets["victim"], 0, 0)
    os.waitpid(targets["victim"], 0x40000000)
    call("ptrace", PTRACE_DETACH, targets["victim"], 0, 0)
    return True


def read_the_parents_memory(targets: dict[str, Any]) -> bool:
    size = len(targets["mark"])
    taken = ctypes.create_string_buffer(size)
    here = Piece(ctypes.addressof(taken), size)
    there = Piece(targets["address"], size)
    call("process_vm_readv", targets["parent"], here, 1, there, 1, 0)
    return taken.raw == targets["mark"].encode()


def take_the_parents_descriptor(targets: dict[str, Any]) -> bool:
    parent = os.pidfd_open(targets["parent"])
    taken = call("syscall", SYS_PIDFD_GETFD, parent, targets["descriptor"], 0)
    return os.pread(taken, 100, 0) == targets["mark"].encode()


def leave_the_group(targets: dict[str, Any]) -> bool:
    """Out of the group that is killed when the document has been read."""
    return os.setsid() is None


ACTS = (
    start_a_shell,
    become_a_shell,
    multiply,
    kill_a_process,
    kill_the_parent,
    signal_by_a_descriptor,
    trace_a_process,
    read_the_parents_memory,
    take_the_parents_descriptor,
    leave_the_group,
)
