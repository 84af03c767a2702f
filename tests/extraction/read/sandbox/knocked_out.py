"""The reading process with one of its walls knocked out, while everything that should build it says that it did.

python -m tests.extraction.read.sandbox.knocked_out WALL KIND LIMITS
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

from extraction.read import child, confine
from extraction.read.sandbox import landlock, namespaces, seccomp
from extraction.read.sandbox.protections import Protection

_call, _setrlimit = confine.call, resource.setrlimit


def nothing(*_arguments: object, **_named: object) -> int:
    return 0


def all_but_memory(kind: int, bounds: tuple[int, int]) -> None:
    if kind != resource.RLIMIT_AS:
        _setrlimit(kind, bounds)


def all_but_capabilities(name: str, *arguments: object) -> int:
    return 0 if name == "capset" else _call(name, *arguments)


KNOCK_OUT: dict[str, tuple[object, str, Callable[..., object]]] = {
    Protection.FILES: (landlock, "restrict_to", nothing),
    Protection.SYSTEM_CALLS: (seccomp, "install", nothing),
    Protection.LIMITS: (resource, "setrlimit", all_but_memory),
    Protection.RIGHTS: (confine, "call", all_but_capabilities),
    Protection.MOUNTS: (namespaces, "take_new_root", nothing),
    Protection.NETWORK: (namespaces, "ALL_NEW", namespaces.ALL_NEW & ~namespaces.CLONE_NEWNET),
    Protection.PROCESSES: (namespaces, "ALL_NEW", namespaces.ALL_NEW & ~namespaces.CLONE_NEWPID),
}


if __name__ == "__main__":
    setattr(*KNOCK_OUT[sys.argv[1]])
    sys.exit(child.main(sys.argv[2:]))
