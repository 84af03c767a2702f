"""What a reading process may read: this package, the interpreter's modules, the libraries of the system, the fonts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/X11/fonts",
    "/usr/share/zoneinfo",
)


def readable_paths() -> list[Path]:
    """Those that are there, outermost first and none below another. The folder above the package is not one of them."""
    modules = [path for path in sys.path if path and Path(path).resolve() != PACKAGE.parent]
    interpreter = [os.path.dirname(os.__file__), os.path.join(sys.base_prefix, "lib")]
    wanted = sorted({Path(path) for path in (*SYSTEM, *interpreter, *modules)} | {PACKAGE})
    found: list[Path] = []
    for path in wanted:
        if path.exists() and not any(path.is_relative_to(outer) for outer in found):
            found.append(path)
    return found
