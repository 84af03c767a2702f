"""The reading process, with a parser that fails as a file asks: it dies, takes all memory, or never ends.

Everything else is read as ever.
"""

from __future__ import annotations

import ctypes
import sys

from extraction.read import child
from extraction.read.limits import Limits
from extraction.read.messages import Opened

POISON = b"poison:"
KINDS = ("dies", "swells", "hangs")

_really = child.opener_of


def opener_of(kind: str) -> child.OpenFormat:
    opener = _really(kind)

    def poisoned(untrusted_content: bytes, limits: Limits) -> Opened:
        if untrusted_content.startswith(POISON):
            fail(untrusted_content[len(POISON) :].split(b"\n")[0].decode())
        return opener(untrusted_content, limits)

    return poisoned


def fail(kind: str) -> None:
    if kind == "dies":
        ctypes.string_at(0)
    if kind == "swells":
        hoard = []
        while True:
            hoard.append(bytearray(1 << 24))
    while kind == "hangs":
        pass


if __name__ == "__main__":
    setattr(child, "opener_of", opener_of)  # noqa: B010  a type checker may not assign to a function
    sys.exit(child.main(sys.argv[1:]))
