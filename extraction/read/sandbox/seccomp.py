"""seccomp: a filter of allowed system calls for this process and all that could come of it.

The filter is a small program for the kernel (classic BPF), put together here; every call that it does not name fails
with "not permitted", and a call of another architecture's table ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable, Mapping

from extraction.read.sandbox.kernel import call

PR_SET_SECCOMP, MODE_FILTER = 22, 2
LOAD, EQUALS, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

Instruction = tuple[int, int, int, int]
"""code, instructions to skip when true, when false, value"""
ArgumentRule = tuple[int, tuple[int, ...]]
"""Which argument (from 0), and the values that it may have."""


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def filter_for(machine: str, allowed: Iterable[int], by_argument: Mapping[int, ArgumentRule]) -> bytes:
    """The filter as the kernel takes it. Raises KeyError for a machine that is not known here."""
    instructions = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (EQUALS, 1, 0, ARCHITECTURES[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    for number in allowed:
        instructions += _allowed_value(number)
    for number, (argument, values) in by_argument.items():
        block = _argument_block(argument, values)
        instructions += [(EQUALS, 0, len(block), number), *block]
    instructions.append((RETURN, 0, 0, REFUSE))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def _allowed_value(value: int) -> list[Instruction]:
    return [(EQUALS, 0, 1, value), (RETURN, 0, 0, ALLOW)]


def _argument_block(argument: int, values: Iterable[int]) -> list[Instruction]:
    """Arguments have 64 bits, the filter compares 32: the upper half must be zero. Both machines store it second."""
    low = ARGUMENTS_AT + 8 * argument
    block = [(LOAD, 0, 0, low + 4), (EQUALS, 1, 0, 0), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, low)]
    for value in values:
        block += _allowed_value(value)
    return [*block, (RETURN, 0, 0, REFUSE)]


def install(program: bytes) -> None:
    """Cannot be taken back. Needs no_new_privs. Raises OSError."""
    wanted = _Program(len(program) // 8, program)
    call("prctl", PR_SET_SECCOMP, MODE_FILTER, wanted, 0, 0)
