"""Thousands of damaged files through the reading process: each ends in a reading or in a refusal with a code.

    python -m bench.hostile.mutations [--number 10000] [--seed 1]

OCR is left out: it sees pixels only. The last line is one JSON object; `escaped` counts errors that are no refusal,
`bound` is the rate below which they lie with 95 % when none was seen (3 / n). Exit code 0 when nothing escaped and no
process was left behind.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.chaos.box import children_of
from bench.hostile.mutating import mutated
from extraction.errors import ReadingError
from extraction.read import Limits, Reader
from extraction.read.lines import Piece
from extraction.read.messages import Pixels

LIMITS = Limits(base_seconds=20.0, page_seconds=1.0)
AT_ONCE = 2
TELL_EVERY = 200


class NoOcr:
    """Finds nothing on any page."""

    def read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]:
        return pixels, []


@dataclass(frozen=True, slots=True)
class End:
    """`escaped`: the error that came out although it is no refusal."""

    state: str
    seconds: float
    escaped: str = ""


def read_mutation(number: int, seed: int) -> End:
    name, content = mutated(number, seed)
    began = time.monotonic()
    escaped = ""
    try:
        Reader(NoOcr()).read(content, untrusted_name=name, limits=LIMITS)
        state = "read"
    except ReadingError as error:
        state = error.code
    except Exception as error:  # noqa: BLE001  what no reader may let out is what is looked for here
        state, escaped = "escaped", f"mutation {number} of {name}: {error!r}"
    return End(state, time.monotonic() - began, escaped)


def read_mutations(number: int, seed: int) -> dict[str, object]:
    states: Counter[str] = Counter()
    escaped: list[str] = []
    slowest, began = 0.0, time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as workers:
        for done, end in enumerate(workers.map(lambda at: read_mutation(at, seed), range(number)), 1):
            states[end.state] += 1
            escaped += [end.escaped] if end.escaped else []
            slowest = max(slowest, end.seconds)
            if done % TELL_EVERY == 0:
                print(f"{done} of {number}: {dict(states.most_common())}", flush=True)
    for line in escaped:
        print(line)
    return {
        "mutations": number,
        "seed": seed,
        "escaped": len(escaped),
        "leftovers": len(_readers()),
        "slowest_s": round(slowest, 1),
        "seconds": round(time.monotonic() - began),
        "bound": round(3 / number, 5),
        "states": dict(states.most_common()),
    }


def _readers() -> list[int]:
    """Reading processes below this one that are still there."""
    found = []
    for pid in children_of(os.getpid()):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        found += [pid] if b"extraction.read.child" in line else []
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    figures = read_mutations(chosen.number, chosen.seed)
    print(json.dumps(figures))
    return 1 if figures["escaped"] or figures["leftovers"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
