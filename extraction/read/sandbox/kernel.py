"""Calls into the kernel that Python has no function for. A failure is an OSError that names the call."""

from __future__ import annotations

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


Argument = int | bytes | ctypes.Structure | ctypes.Array[ctypes.c_char] | None


def call(name: str, *arguments: Argument) -> int:
    """A function of the C library by its name; numbers go as long, bytes and structures by their address."""
    result = int(getattr(LIBC, name)(*(_as_c(argument) for argument in arguments)))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result


def _as_c(argument: Argument) -> object:
    if isinstance(argument, int):
        return ctypes.c_long(argument)
    return ctypes.byref(argument) if isinstance(argument, ctypes.Structure) else argument
