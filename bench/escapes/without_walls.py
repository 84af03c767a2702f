"""The control: the same reading process as in `in_front.py`, for the same user, with no wall around it.

python -m bench.escapes.without_walls FOLDER KIND LIMITS
"""

from __future__ import annotations

import sys

from bench.escapes import in_front
from extraction.read import child
from extraction.read.limits import Limits
from extraction.read.sandbox.protections import NEEDED, Protection


def pretend(limits: Limits) -> frozenset[Protection]:
    return NEEDED


if __name__ == "__main__":
    setattr(child, "confine", pretend)  # noqa: B010  a type checker may not assign to a function
    sys.exit(in_front.main())
