"""The reading process as in `in_front.py` where new namespaces are refused, as in an ordinary container.

    python -m bench.escapes.without_namespaces FOLDER KIND LIMITS

A filter of system calls refuses `unshare` before the child begins, which is what the usual profile of containers does.
"""

from __future__ import annotations

import os
import struct
import sys

from bench.escapes import in_front
from extraction.read.sandbox import seccomp
from extraction.read.sandbox.kernel import call

UNSHARE = {"x86_64": 272, "aarch64": 97}
PR_SET_NO_NEW_PRIVS = 38
ALLOWED = (seccomp.RETURN, 0, 0, seccomp.ALLOW)


def refuse_unshare() -> None:
    steps = [
        (seccomp.LOAD, 0, 0, seccomp.NUMBER_AT),
        (seccomp.EQUALS, 0, 1, UNSHARE[os.uname().machine]),
        (seccomp.RETURN, 0, 0, seccomp.REFUSE),
        ALLOWED,
    ]
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    seccomp.install(b"".join(struct.pack("=HBBI", *step) for step in steps))


if __name__ == "__main__":
    refuse_unshare()
    sys.exit(in_front.main())
