"""Brings in document types and models that are made to do harm, and looks who dies.

    python -m bench.malformed [--every 1] [--seed 1]

Each file goes the box's own way, in a process that stands for the web server: a type is read and its grammar compiled,
a model is checked, both in processes that are thrown away. What is taken must load afterwards. The control gives every
fifth refused file straight to the libraries, each in a process of its own: some of those must die or hang, or the
files are harmless and this measurement says nothing.

The last line is one JSON object: `schemas`, `models`, `refused`, `accepted_and_loadable` (together with `refused` all
of them), `killed_other_processes` (deaths of the stand-in for the web), `slowest_s`, `codes` (how many refusals of
each), `control`, `control_died`. The exit code is 0 when nothing died, nothing hung and the control did.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.malformed.guarded import Verdict, judge_model, judge_schema
from bench.malformed.models import model_mutants
from bench.malformed.schemas import Bomb, schema_bombs
from bench.malformed.unguarded import loads, survives
from models_store.store import STARTER, STARTER_WEIGHTS

SLOWEST_ALLOWED = 12.0
CONTROL_EVERY = 5
"""Of the refused files so many are one for the control: those that hang take their whole time."""
ALWAYS = "deep"
"""The kind of types whose grammars grow without end; all of them are."""
_SPAWNED = get_context("spawn")
DIED = "died"


class WebStandIn:
    """One process that does all the judging. `deaths`: how often it had to be started again."""

    def __init__(self) -> None:
        self.deaths = 0
        self._pool = _pool()

    def ask(self, judge: Callable[..., Verdict], *arguments: Any) -> Verdict:
        try:
            return self._pool.submit(judge, *arguments).result()
        except BrokenProcessPool:
            self.deaths += 1
            self._pool = _pool()
            return Verdict(arguments[0].name, DIED, 0.0)

    def close(self) -> None:
        self._pool.shutdown()


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(max_workers=1, mp_context=_SPAWNED)


class Tally:
    """Counts verdicts, and what the libraries do with the same files when nobody stands before them."""

    def __init__(self, folder: Path) -> None:
        self.verdicts: list[Verdict] = []
        self.loadable = self.control = self.control_died = self._passed = 0
        self._folder = folder

    def add_schema(self, bomb: Bomb, verdict: Verdict) -> None:
        self.verdicts.append(verdict)
        if not verdict.code:
            self.loadable += 1  # compiling it was the load
            return
        path = self._folder / "schema.json"
        path.write_bytes(bomb.content)
        self._try("schema", path, always=bomb.name.startswith(ALWAYS))

    def add_model(self, suffix: str, verdict: Verdict) -> None:
        self.verdicts.append(verdict)
        kind, path = suffix.removeprefix("."), Path(verdict.path)
        if verdict.code:
            self._try(kind, path)
        else:
            self.loadable += loads(kind, path)

    def _try(self, kind: str, path: Path, *, always: bool = False) -> None:
        self._passed += 1
        if always or self._passed % CONTROL_EVERY == 1:
            self.control += 1
            self.control_died += not survives(kind, path)


def measure(*, every: int, seed: int, folder: Path) -> dict[str, Any]:
    """The figures; `every`: 1 takes all files, 10 every tenth."""
    web, tally = WebStandIn(), Tally(folder)
    schemas = models = 0
    for bomb in islice(schema_bombs(), 0, None, every):
        tally.add_schema(bomb, web.ask(judge_schema, bomb))
        schemas += 1
    mutants = model_mutants(STARTER / STARTER_WEIGHTS, STARTER / "model.safetensors", seed=seed)
    for mutant in islice(mutants, 0, None, every):
        tally.add_model(mutant.suffix, web.ask(judge_model, mutant, STARTER, folder / "medium"))
        models += 1
    web.close()
    refused = [verdict for verdict in tally.verdicts if verdict.code]
    return {
        "schemas": schemas,
        "models": models,
        "refused": len(refused),
        "accepted_and_loadable": tally.loadable,
        "killed_other_processes": web.deaths,
        "slowest_s": round(max(verdict.seconds for verdict in tally.verdicts), 2),
        "codes": dict(sorted(Counter(verdict.code for verdict in refused).items())),
        "control": tally.control,
        "control_died": tally.control_died,
    }


def is_well(figures: dict[str, Any]) -> bool:
    """Whether all files ended as they should and the control shows that they are dangerous."""
    all_ended = figures["refused"] + figures["accepted_and_loadable"] == figures["schemas"] + figures["models"]
    quiet = not figures["killed_other_processes"] and figures["slowest_s"] <= SLOWEST_ALLOWED
    return bool(all_ended and quiet and figures["control_died"])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.malformed")
    parser.add_argument("--every", type=int, default=1, help="take every n-th file")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(every=chosen.every, seed=chosen.seed, folder=Path(folder))
    print(json.dumps(figures))
    return 0 if is_well(figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
