"""Kills a training with SIGKILL at random moments, and compares what it ends with to a training that nobody killed.

python -m bench.training_kills [--kills 20] [--seed 1] [--base DIR] [--documents 20] [--epochs 3]

Without --base the model is a tiny one of random weights. A training is killed while it starts, while it works and while
it writes checkpoints, started again, and so on until it is through; then the next one begins, until all kills are
dealt. The control goes on from a checkpoint whose optimizer is lost: its adapter must be another one. The last line is
one JSON object: kills, the trainings they fell on, whether all adapters are the same, the largest difference of a
number in them, whether the control differs, the torn checkpoints that were found, steps of a training, and the last
step that was told before each kill.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random

import torch
from safetensors.torch import load_file

from extraction.shipped_types import shipped_types
from models_store.card import ModelCard
from models_store.starter.export import write_folder
from models_store.starter.factory.pools import load_pools
from models_store.starter.factory.stream import Order, samples
from models_store.starter.network import Llama, Shape
from models_store.store import CARD, STARTER
from models_store.tuning.checkpoint import FOLDER
from models_store.tuning.child import OUT, PROGRESS, REQUEST, RESULT, TYPE
from models_store.tuning.merge import ADAPTER

_TYPE = "receipt"
_TINY = Shape(width=32, layers=1, heads=2, head=16, inner=64)
_AT_START = 0.15
"""Share of the kills that fall before the first step."""
_CHECKPOINT_SECONDS = 0.2
_LOOK_SECONDS = 0.005


@dataclass(slots=True)
class Found:
    """What has been seen. `differences`: of each training that was through, to the one that nobody killed."""

    kills: int = 0
    torn: int = 0
    steps: list[int] = field(default_factory=list)
    differences: list[float] = field(default_factory=list)


def main() -> None:
    settings = _settings()
    random = Random(settings.seed)
    with tempfile.TemporaryDirectory() as scratch:
        pattern = Path(scratch) / "pattern"
        _prepare(pattern, settings)
        whole = _fresh(pattern, "whole")
        began = time.monotonic()
        _finish(whole)
        seconds = json.loads((whole / RESULT).read_bytes())["minutes"] * 60
        start_seconds = max(0.5, time.monotonic() - began - seconds)
        found = Found()
        while found.kills < settings.kills:
            run = _fresh(pattern, f"killed{len(found.differences)}")
            while not (run / RESULT).exists():
                is_last = found.kills >= settings.kills
                moments = None if is_last else _Moments(random, start_seconds, seconds)
                _attempt(run, moments, found)
            found.differences.append(_difference(whole, run))
            print(f"{found.kills} kills, difference {found.differences[-1]:g}", flush=True)
        control = _difference(whole, _control(pattern, _Moments(random, start_seconds, seconds)))
        steps = json.loads((whole / RESULT).read_bytes())["steps"]
    print(json.dumps(_figures(found, control, steps)))


@dataclass(frozen=True, slots=True)
class _Moments:
    """Draws when to kill."""

    random: Random
    start_seconds: float
    work_seconds: float

    def before_first_step(self) -> float | None:
        is_early = self.random.random() < _AT_START
        return self.random.uniform(0, self.start_seconds) if is_early else None

    def after_first_step(self) -> float:
        return self.random.uniform(0, self.work_seconds)


def _attempt(run: Path, moments: _Moments | None, found: Found) -> None:
    """One start of the child, with a kill at a drawn moment where it is not through by then."""
    with subprocess.Popen(_command(run)) as child:
        if moments is None:
            _expect(child.wait(), 0)
            return
        early = moments.before_first_step()
        if early is None:
            _await_step(run, child)
        until = time.monotonic() + (moments.after_first_step() if early is None else early)
        while time.monotonic() < until and child.poll() is None:
            time.sleep(_LOOK_SECONDS)
        if child.poll() is None:
            child.kill()
            found.kills += 1
            found.steps.append(_last_step(run))
            found.torn += sum(not (path / "whole.json").exists() for path in (run / FOLDER).glob("checkpoint-*"))
    _expect(child.returncode, 0, -9)


def _expect(code: int, *expected: int) -> None:
    if code not in expected:
        raise SystemExit(f"The training ended with code {code}.")


def _await_step(run: Path, child: subprocess.Popen[bytes]) -> None:
    """Until the child tells its first step since it was started."""
    told = run / PROGRESS
    before = told.stat().st_size if told.exists() else 0
    while child.poll() is None and (not told.exists() or told.stat().st_size == before):
        time.sleep(_LOOK_SECONDS)


def _control(pattern: Path, moments: _Moments) -> Path:
    """A training that goes on without what its optimizer knew."""
    run = _fresh(pattern, "control")
    with subprocess.Popen(_command(run)) as child:
        while child.poll() is None and not list((run / FOLDER).glob("*/whole.json")):
            time.sleep(_LOOK_SECONDS)
        child.kill()
    for lost in run.rglob("optimizer.pt"):
        lost.unlink()
    _finish(run)
    return run


def _finish(run: Path) -> None:
    subprocess.run(_command(run), check=True)


def _command(run: Path) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "models_store.tuning", str(run)]


def _difference(one: Path, other: Path) -> float:
    """The largest between two numbers at the same place of the adapters; infinite where the places differ."""
    first, second = (load_file(run / OUT / ADAPTER / "adapter_model.safetensors") for run in (one, other))
    if first.keys() != second.keys():
        return float("inf")
    return max((first[name] - second[name]).abs().max().item() for name in first)


def _last_step(run: Path) -> int:
    lines = (run / PROGRESS).read_text(encoding="utf-8").splitlines() if (run / PROGRESS).exists() else []
    return max((json.loads(line)["step"] for line in lines if line.endswith("}")), default=0)


def _figures(found: Found, control: float, steps: int) -> dict[str, object]:
    largest = max(found.differences)
    return {
        "kills": found.kills,
        "trainings": len(found.differences),
        "same_adapter": largest == 0.0,
        "max_difference": largest,
        "control_differs": control > 0.0,
        "torn_checkpoints": found.torn,
        "steps": steps,
        "killed_after_step": found.steps,
    }


def _fresh(pattern: Path, name: str) -> Path:
    return Path(shutil.copytree(pattern, pattern.with_name(name)))


def _prepare(folder: Path, settings: argparse.Namespace) -> None:
    """A folder with an order, as the child reads it."""
    folder.mkdir()
    base = settings.base or _tiny_base(folder.with_name("base"))
    order = {
        "base": str(base.resolve()),
        "card": str((base / CARD).resolve()),
        "settings": {"epochs": settings.epochs, "batch_tokens": 1024},
        "checkpoint_seconds": _CHECKPOINT_SECONDS,
    }
    (folder / REQUEST).write_text(json.dumps(order), encoding="utf-8")
    document_type = next(spec for spec in shipped_types() if spec.name == _TYPE)
    (folder / TYPE).write_text(document_type.model_dump_json(), encoding="utf-8")
    lines = list(_lines(settings.documents, settings.seed))
    held = settings.documents // 10
    (folder / "train.jsonl").write_text("".join(lines[held:]), encoding="utf-8")
    (folder / "calibration.jsonl").write_text("".join(lines[:held]), encoding="utf-8")


def _tiny_base(folder: Path) -> Path:
    torch.manual_seed(0)
    folder.mkdir()
    write_folder(Llama(_TINY), STARTER / "tokenizer.model", folder)
    card = ModelCard(digest="a" * 64, name="tiny", context_tokens=1024)
    (folder / CARD).write_text(card.model_dump_json(), encoding="utf-8")
    return folder


def _lines(documents: int, seed: int) -> Iterator[str]:
    """Made-up receipts with their labels."""
    order = Order({_TYPE: 1.0}, sizes=(0,), shipped_share=1.0, clean=True)
    for number, sample in enumerate(islice(samples(order, load_pools(), seed), documents)):
        yield json.dumps({"id": str(number), "text": "\f".join(sample.pages), "fields": sample.answer}) + "\n"


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--base", type=Path, metavar="DIR", help="folder of trainable weights with their card.json")
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
