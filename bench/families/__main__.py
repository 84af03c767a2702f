"""Walks every family; the last line is one JSON object.

python -m bench.families [--only NAME ...] [--converter DIR]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import torch
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from bench.families.checkpoints import SAMPLES
from bench.families.journey import KEPT, Outcome, walk
from models_store.convert import fetch_converter


def main() -> None:
    settings = _settings()
    settings.converter.mkdir(parents=True, exist_ok=True)
    converter = fetch_converter(settings.converter)
    torch.set_num_threads(1)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    set_verbosity_error()  # type: ignore[no-untyped-call]
    samples = [sample for sample in SAMPLES if not settings.only or sample.name in settings.only]
    outcomes = []
    _say(_HEAD)
    with tempfile.TemporaryDirectory() as place:
        for sample in samples:
            folder = Path(place) / sample.name.replace(" ", "-").lower()
            outcomes.append(walk(sample, folder, converter=converter))
            shutil.rmtree(folder, ignore_errors=True)
            _say(line(outcomes[-1]))
    _say(json.dumps(figures(outcomes)))


_COLUMNS = (
    "family", "import s", "LoRA s", "loss", "GGUF s", "grounded Q8_0, Q4_K_M", "right", "a GGUF alone", "not passed",
)  # fmt: skip
_HEAD = f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|"


def line(outcome: Outcome) -> str:
    """A row of the table."""
    seconds = [str(outcome.steps.get(step, "")) for step in ("import", "LoRA, merge", "GGUF")]
    loss = f"{outcome.loss[0]:.2f} -> {outcome.loss[1]:.2f}"
    counts = [", ".join(f"{of.get(kept.name, 0)}/{outcome.values}" for kept in KEPT) for of in _counted(outcome)]
    cells = [
        outcome.name,
        seconds[0],
        seconds[1],
        loss,
        seconds[2],
        *counts,
        outcome.alone or "can be tuned",
        outcome.failed,
    ]
    return f"| {' | '.join(cells)} |"


def figures(outcomes: Iterable[Outcome]) -> dict[str, object]:
    all_of = list(outcomes)
    passed = [outcome for outcome in all_of if outcome.has_passed]
    return {
        "families": len(all_of),
        "passed": len(passed),
        "failed": {outcome.name: outcome.failed for outcome in all_of if not outcome.has_passed},
        "values": sum(outcome.values * len(KEPT) for outcome in passed),
        "grounded": sum(sum(outcome.grounded.values()) for outcome in passed),
        "right_after_lora": sum(sum(outcome.right.values()) for outcome in passed),
        "tunable_from_gguf_alone": sum(not outcome.alone for outcome in passed),
        "seconds": round(sum(sum(outcome.steps.values()) for outcome in all_of), 1),
    }


def _counted(outcome: Outcome) -> tuple[dict[str, int], dict[str, int]]:
    return outcome.grounded, outcome.right


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.families", description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of families")
    parser.add_argument("--converter", type=Path, default=Path("var/converter"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
