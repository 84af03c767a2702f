"""The upload, killed at every call that changes something, and the power taken away behind every one.

    python -m bench.crash_points [--every 1]

A box of its own with an embedded PostgreSQL. A file is uploaded through the real address in a process under strace,
which kills it at the first, second, third … write, fsync, rename, message to the database. After each kill:

`lost`: uploads that were answered 201 and of which bytes, row, job or record are missing.
`half_visible`: documents that are in the list although a part of them is missing.
`not_swept`: kills whose leftovers the sweeps did not remove, or that made the sweeps remove too much.
`control_lost`: the same for an upload that is acknowledged before it is stored: must not be 0.

A kill loses nothing that the kernel has; a loss of power does. The recorded calls are replayed on a model of a disk
that keeps only what was flushed, with the power gone behind each call: alone, and behind an upload that was killed.
`power_lost` counts the moments at which the row was committed and its file not safe. `control_caught`: the same
recording without the flushes of files, of folders, of both, and an upload whose fsync does nothing: 4 of 4 must lose.

The last line is one JSON object. Exit code 0 when nothing is lost and every control shows.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.crash_points.scene import opened


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="kill at one in so many calls")
    every = parser.parse_args().every
    with tempfile.TemporaryDirectory(prefix="crash-points-") as scratch:
        box = Path(scratch) / "box"
        box.mkdir()
        with opened(box) as clerk:
            from bench.crash_points.kills import kill_everywhere
            from bench.crash_points.power_loss import lose_power_everywhere

            kills = kill_everywhere(clerk, Path(scratch), every=every)
            print(kills, flush=True)
            power = lose_power_everywhere(clerk, Path(scratch), every=every)
            print(power, flush=True)
    figures = {**kills.figures(), **power.figures()}
    print(json.dumps(figures))
    harm = ("lost", "half_visible", "not_swept", "power_lost")
    return 0 if not any(figures[name] for name in harm) and kills.control_lost and power.is_controlled else 1


if __name__ == "__main__":
    sys.exit(main())
