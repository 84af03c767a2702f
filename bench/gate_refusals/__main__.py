"""Tries to get bad models through the gate, and a good one. The last line is a JSON object of what came of it.

    python -m bench.gate_refusals               real trainings, 20 of them on wrong corrections: 40 minutes on two cores
    python -m bench.gate_refusals --seeds 2     fewer
    python -m bench.gate_refusals --simulated   no training at all: test parts drawn from stated rates

A real model counts as worse where it has fewer values right than the model in force on a fresh set, rightly labelled.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.gate_refusals.simulated import WORLDS, promoted
from bench.gate_refusals.trials import Sizes, Trials
from bench.gate_refusals.workshop import RealWorkshop
from models_store.evaluation.factory_set import factory_cases
from models_store.gate import Policy
from models_store.starter.factory.pools import load_pools


def main() -> None:
    settings = _settings()
    figures: dict[str, object] = {}
    if not settings.simulated:
        with tempfile.TemporaryDirectory() as scratch:
            workshop = RealWorkshop(Path(scratch), settings.epochs, settings.threads)
            sizes = Sizes(settings.train, settings.test, settings.fresh)
            figures |= Trials(workshop, sizes, factory_cases(load_pools())).all(settings.seeds)
    figures |= _drawn(settings.times)
    print(json.dumps(figures))


def _drawn(times: int) -> dict[str, object]:
    worst, power = 0.0, {}
    for world in WORLDS:
        found = promoted(world, times=times, policy=Policy())
        low, high = found.interval
        print(f"{world.name}: {found.passed} of {times} promoted ({low:.3f} to {high:.3f})", file=sys.stderr)
        if found.world.is_worse and not found.world.mislabelled:
            worst = max(worst, found.passed / times)
        power[world.name] = round(found.passed / times, 4)
    return {"drawn_per_world": times, "drawn_worse_promoted_at_most": worst, "drawn_promoted": power}


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.gate_refusals",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--seeds", type=int, default=20, help="models trained on wrong corrections")
    add("--train", type=int, default=60, help="documents to train on")
    add("--test", type=int, default=40, help="documents of the frozen test part")
    add("--fresh", type=int, default=100, help="documents that decide which model is truly worse")
    add("--epochs", type=int, default=4)
    add("--threads", type=int, default=2)
    add("--times", type=int, default=500, help="test parts drawn for each stated rate")
    add("--simulated", action="store_true", help="draw test parts only")
    return parser.parse_args()


if __name__ == "__main__":
    main()
