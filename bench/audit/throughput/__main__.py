"""What does the audit log cost?

    python -m bench.audit.throughput [--seconds 20] [--rounds 3] [--writers 8] [--delay-us 5000]
                                     [--verify 1000000] [--browse 1000000]

1. `writing`: so many writers change a row a transaction, with and without `audit.record` in it, in turns, on a
   PostgreSQL whose every flush to the disk is delayed (strace); the sequencer runs beside the audited ones.
   `throughput_ratio` is the median of the audited rounds over that of the others, `lag_p99_s` the 99th percentile of
   how long the oldest record has waited for its place in the tree, looked at 20 times a second.
2. `bench.audit.verify_speed`: `verify_seconds_per_million`.
3. `browsing`: `page_ratio`, page 10,000 of the log over page 1, the medians of 20 readings.

The last line is one JSON object. Exit code 0 when all four are within their bounds. Needs strace, and root for it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

BOUNDS = {
    "throughput_ratio": lambda figure: figure >= 0.9,
    "lag_p99_s": lambda figure: figure <= 2,
    "verify_seconds_per_million": lambda figure: figure <= 60,
    "page_ratio": lambda figure: 0.5 <= figure <= 2,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--delay-us", type=int, default=5000)
    parser.add_argument("--verify", type=int, default=1_000_000)
    parser.add_argument("--browse", type=int, default=1_000_000)
    wanted = parser.parse_args()
    writing = ["--seconds", wanted.seconds, "--rounds", wanted.rounds]
    writing += ["--writers", wanted.writers, "--delay-us", wanted.delay_us]
    figures = _figures("bench.audit.throughput.writing", *writing)
    figures |= _figures("bench.audit.verify_speed", "--records", wanted.verify)
    figures |= _figures("bench.audit.throughput.browsing", "--entries", wanted.browse)
    print(json.dumps(figures))
    return 0 if all(holds(figures[name]) for name, holds in BOUNDS.items()) else 1


def _figures(module: str, *arguments: object) -> dict[str, float]:
    """Each part in a process of its own, because each has a Django and a database of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="", flush=True)
    lines = done.stdout.splitlines()
    if not lines or not lines[-1].startswith("{"):
        raise SystemExit(f"{module} gave no figures")
    figures: dict[str, float] = json.loads(lines[-1])
    return figures


if __name__ == "__main__":
    sys.exit(main())
