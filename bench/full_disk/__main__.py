"""The box with a full disk: uploads are refused in words, reads go on, and all is well again when there is room.

    python -m bench.full_disk

Needs root, strace, and the right to mount: the box lies on three small file systems in memory, for its documents, for
files that come in, and for its database, in a mount namespace of its own. Each of them is full before, during and after
an upload, and made free again; the process that serves is never restarted.

`cells`: 9. `refused_in_words`: those in which the upload got 507 or 503 with code, sentence and what to do. `reads`:
those in which an earlier document could be downloaded meanwhile; with a full database a download that cannot be
recorded is refused, as it must be. `recovered`: those in which an upload was taken in again within 60 s.
`silent_losses`: uploads answered 201 that are not there with equal bytes at the end. `injected`: single calls of the
store that failed with ENOSPC or EIO; `unclear` and `left` must be 0.
`control_work_failed`: without a reserve uploads fill the disk so far that work on them fails: must be true.

The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from django.core.management import call_command

from bench.crash_points.scene import opened
from bench.full_disk.volumes import MIB, may_mount, mount

SIZES = {"documents": 24 * MIB, "temporary": 24 * MIB, "database": 256 * MIB}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="let one in so many calls fail")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.inside is not None:
        return _measure(wanted.inside, wanted.every)
    if not may_mount():
        sys.exit("This account may not mount file systems: run it as root, on a machine that allows it.")
    with tempfile.TemporaryDirectory(prefix="full-disk-") as scratch:
        command = ["unshare", "--mount", sys.executable, "-m", "bench.full_disk"]
        command += ["--every", str(wanted.every), "--inside", scratch]
        return subprocess.run(command, check=False).returncode


def _measure(scratch: Path, every: int) -> int:
    scratch.chmod(0o755)
    folders = {"documents": scratch / "box" / "blobs", "temporary": scratch / "temporary"}
    folders["database"] = scratch / "box" / "postgres"
    for name, folder in folders.items():
        mount(folder, size=SIZES[name])
    tempfile.tempdir = str(folders["temporary"])
    with opened(scratch / "box") as clerk:
        call_command("collectstatic", verbosity=0, interactive=False)  # refusals of downloads are pages
        from bench.full_disk.browser import Browser
        from bench.full_disk.cells import cells
        from bench.full_disk.injected import fail_everywhere
        from bench.full_disk.reserve import work_fails_when_uploads_stop

        injected = fail_everywhere(clerk, scratch, every=every)
        browser = Browser(clerk)
        seen = cells(browser, folders)
        figures = {
            "cells": len(seen),
            "refused_in_words": sum(cell.is_refused_in_words for cell in seen),
            "reads": sum(cell.reads for cell in seen),
            "recovered": sum(cell.recovery_seconds is not None for cell in seen),
            "recovery_s_max": max(cell.recovery_seconds or 0.0 for cell in seen),
            "acknowledged": len(browser.acknowledged),
            "silent_losses": browser.lost(),
            **asdict(injected),
            "work_failed": work_fails_when_uploads_stop(browser, folders["documents"], reserve=None),
            "control_work_failed": work_fails_when_uploads_stop(browser, folders["documents"], reserve=0),
        }
    print(json.dumps(figures))
    return 0 if _is_well(figures) else 1


def _is_well(figures: dict[str, float]) -> bool:
    all_cells = figures["refused_in_words"] == figures["recovered"] == figures["cells"]
    harm = ("silent_losses", "unclear", "left", "work_failed")
    return all_cells and not any(figures[name] for name in harm) and bool(figures["control_work_failed"])


if __name__ == "__main__":
    sys.exit(main())
