"""Landlock: a process gives up all files but those named, TCP, and on newer kernels signals and abstract sockets."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from extraction.read.sandbox.kernel import call

SYS_CREATE_RULESET, SYS_ADD_RULE, SYS_RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
PATH_BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each version of the interface knows, from the lowest bit; later ones added none."""
BIND_AND_CONNECT_TCP = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
TCP_SINCE, SCOPES_SINCE = 4, 6


def version() -> int:
    """Raises OSError where the kernel has no Landlock, or it is switched off."""
    return call("syscall", SYS_CREATE_RULESET, None, 0, ASK_VERSION)


def restrict_to(readable: Iterable[Path]) -> None:
    """From now on this process reads what lies at or below `readable`, and writes nothing. Raises OSError.

    Needs no_new_privs. What is open already stays open.
    """
    known = version()
    fields = [(1 << FILE_RIGHTS[min(known, max(FILE_RIGHTS))]) - 1]
    if known >= TCP_SINCE:
        fields.append(BIND_AND_CONNECT_TCP)
    if known >= SCOPES_SINCE:
        fields.append(ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = call("syscall", SYS_CREATE_RULESET, attributes, len(attributes), 0)
    for path in readable:
        _allow_reading(ruleset, path)
    call("syscall", SYS_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow_reading(ruleset: int, path: Path) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rights = READ_FILE | READ_DIR if path.is_dir() else READ_FILE
    call("syscall", SYS_ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, folder), 0)
    os.close(folder)
