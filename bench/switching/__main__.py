"""Promotions and rollbacks while documents are extracted.

    python -m bench.switching [--documents 500] [--switches 10]

A box of its own: an embedded PostgreSQL, a real extract worker process, and two models of random weights, which answer
differently. All documents wait for the worker when it starts; while it works, the model in force is changed so many
times by the real services, forth by two persons, back by one click.

`lost`: documents that do not end before a clerk with exactly one result.
`misnamed`: results that the model which they name does not give again when it is asked again. `told_apart` results are
those that the other model would not have given: only there a wrong name can show.
`rollback_seconds_p95`: from the click to the first result of the model before.
`control_misnamed`: the same count for a worker that names the model by the pointer at the time of storing, as it
must not be done; the bench proves nothing when this is zero.

The last line is one JSON object. Exit code 0 when nothing is lost or misnamed and the control shows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench.switching.scene import Scene, opened

CONTROL_SHARE = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--switches", type=int, default=10)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="switching-") as folder, opened(Path(folder)) as scene:
        figures = _figures(scene, wanted.documents, wanted.switches)
    print(json.dumps(figures))
    is_kept = figures["lost"] == figures["misnamed"] == 0
    return 0 if is_kept and figures["told_apart"] and figures["control_misnamed"] else 1


def _figures(scene: Scene, documents: int, switches: int) -> dict[str, float]:
    from bench.switching.counting import Count, count
    from bench.switching.load import Played, play

    def round_of(number: int, *, named_by_pointer: bool) -> tuple[Played, Count]:
        played = play(scene, documents=number, switches=switches, named_by_pointer=named_by_pointer)
        found = count(played.documents, scene.models)
        how = "named by the pointer at storing" if named_by_pointer else "named by the model that answered"
        print(f"{how}: {number} documents, {played.switches} switches, {found}", flush=True)
        return played, found

    _, control = round_of(max(switches * 2, documents // CONTROL_SHARE), named_by_pointer=True)
    played, found = round_of(documents, named_by_pointer=False)
    return {
        "documents": documents,
        "switches": played.switches,
        "lost": found.lost,
        "misnamed": found.misnamed,
        "told_apart": found.told_apart,
        "rollback_seconds_p95": round(_p95(played.rollback_seconds), 3),
        "models": found.models,
        "control_misnamed": control.misnamed,
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


if __name__ == "__main__":
    sys.exit(main())
