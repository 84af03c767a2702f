"""Trains the starter model from nothing: tokenizer, copy start, curriculum, checkpoints, held-out scores.

python -m models_store.starter.train --minutes 40 --work DIR      train, or go on where DIR's checkpoint stands
python -m models_store.starter.export --work DIR --out DIR        the files that ship
python -m models_store.starter.train --random-init --out DIR      a tiny model of random weights, in seconds
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from models_store.starter.copying import teach_copying
from models_store.starter.curriculum import (
    EXAM_SEED,
    EXAMS,
    STAGES,
    Lessons,
    Stage,
    batches,
    encoded,
    mixed,
    stage_at,
)
from models_store.starter.encoding import Encoded
from models_store.starter.factory.pools import load_pools
from models_store.starter.labelled import read_samples
from models_store.starter.network import Llama, Shape, as_dict, best_type, llama_of, parameters_of
from models_store.starter.scoring import pack, score
from models_store.starter.tokenizer import load_tokenizer, train_tokenizer
from models_store.store import CARD

BASE_CARD = "base-card.json"
"""In a run's folder: the card of the model that it goes on from."""
WARM_UP_STEPS, DECAY_SHARE, LOWEST_RATE = 100, 0.35, 0.02


@dataclass(slots=True)
class Run:
    """All that a training run carries from step to step."""

    settings: argparse.Namespace
    lessons: Lessons
    model: Llama
    optimizer: torch.optim.Optimizer
    exams: dict[str, list[Encoded]]
    hidden: Callable[[Tensor], Tensor]
    """`model.hidden`, compiled where that is wanted."""
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """Share of the time that is over."""
        minutes: float = self.settings.minutes
        return self.seconds / (minutes * 60)

    @property
    def stage(self) -> Stage:
        return stage_at(self.share, self.settings.first_stage)


def main() -> None:
    settings = _settings()
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    if settings.random_init:
        # Imported here: a training run needs none of it.
        from models_store.starter.random_weights import export_random

        export_random(settings.out, seed=settings.seed)
        return
    settings.work.mkdir(parents=True, exist_ok=True)
    run = prepare(settings)
    train(run)
    examine(run, final=True)
    save(run)


def prepare(settings: argparse.Namespace) -> Run:
    """Tokenizer, exams and a model that can copy; with the checkpoint's state where there is one."""
    pools = load_pools(settings.work / "pools.json")
    path = settings.work / "tokenizer.model"
    if settings.go_on_from and not path.exists():
        shutil.copyfile(settings.go_on_from / "tokenizer.model", path)
        shutil.copyfile(settings.go_on_from / CARD, settings.work / BASE_CARD)
    if not path.exists():
        train_tokenizer(settings.work, pools, seed=settings.seed + 1)
    tokenizer = load_tokenizer(path)
    labelled = read_samples(settings.labelled) if settings.labelled else None
    lessons = Lessons(pools, tokenizer, labelled, settings.labelled_share)
    model = _model(settings)
    optimizer = _optimizer(model, settings.rate)
    exams = {
        name: list(islice(encoded(order, pools, tokenizer, seed=EXAM_SEED + i), settings.exam_size))
        for i, (name, order) in enumerate(EXAMS.items())
    }
    hidden = torch.compile(model.hidden, dynamic=True) if settings.compile else model.hidden
    run = Run(settings, lessons, model, optimizer, exams, hidden)
    _resume(run)
    return run


def _model(settings: argparse.Namespace) -> Llama:
    """A fresh network, or the one of an earlier export, on the GPU where there is one."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if settings.go_on_from:
        return llama_of(settings.go_on_from, best_type(device)).to(device)
    shape = Shape(width=settings.width, layers=settings.layers, heads=settings.heads, inner=settings.inner)
    model = Llama(shape, best_type(device))
    if not settings.usual_start:
        teach_copying(model)
    return model.to(device)


def train(run: Run) -> None:
    """Steps until the time is over; scores and a checkpoint every few minutes."""
    stage = run.stage
    source = _source(run, stage)
    losses: list[float] = []
    examined = run.seconds
    while run.share < 1:
        begun = time.monotonic()
        if stage is not run.stage:
            stage = run.stage
            source = _source(run, stage)
        losses.append(learn(run, next(source)))
        run.seconds += time.monotonic() - begun
        if run.seconds - examined > run.settings.exam_minutes * 60:
            examined = run.seconds
            examine(run, loss=sum(losses) / len(losses), stage=stage.name)
            losses.clear()
            save(run)


def learn(run: Run, batch: list[Encoded]) -> float:
    """One step. Returns the weighted mean loss of the answer tokens."""
    tokens, weights = (part.to(run.model.embedding.device) for part in pack(batch))
    chosen = weights > 0
    logits = run.model.logits(run.hidden(tokens)[chosen])
    losses: Tensor = functional.cross_entropy(logits, tokens.roll(-1, 1)[chosen], reduction="none")
    loss = (losses * weights[chosen]).sum() / weights[chosen].sum()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    for group in run.optimizer.param_groups:
        group["lr"] = run.settings.rate * _rate_factor(run.step, run.share)
    run.optimizer.step()
    run.optimizer.zero_grad(set_to_none=True)
    run.step += 1
    run.tokens += sum(len(item.ids) for item in batch)
    return loss.item()


def examine(run: Run, *, loss: float = 0.0, stage: str = "end", final: bool = False) -> None:
    """Writes a line to the log and log.jsonl: progress, speed, time left, loss, scores."""
    names = ["drill"] if stage == "drill" else list(run.exams)
    count = run.settings.exam_size if final else run.settings.exam_size // 4
    scores = {name: score(run.model, run.exams[name][:count]) for name in names}
    left = run.settings.minutes - run.seconds / 60
    head = f"{run.seconds / 60:.1f} min, {left:.0f} left, {stage}, step {run.step}, {run.tokens / 1e6:.2f} M tokens"
    print(f"{head}, {run.tokens / max(run.seconds, 1):.0f} tok/s, loss {loss:.3f}", flush=True)
    for name, result in scores.items():
        print(f"    {name}: {result}", flush=True)
    facts = progress(run) | {"scores": {name: asdict(result) for name, result in scores.items()}}
    with (run.settings.work / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps({**facts, "stage": stage, "loss": round(loss, 4)}) + "\n")
    if final:
        (run.settings.work / "report.json").write_text(json.dumps(facts, indent=2), encoding="utf-8")


def progress(run: Run) -> dict[str, Any]:
    """How far the run is, and what it is; for the log, the card and docs/model.md."""
    labelled = run.lessons.labelled
    return {
        "minutes": round(run.seconds / 60, 1),
        "tokens": run.tokens,
        "steps": run.step,
        "seed": run.settings.seed,
        "parameters": parameters_of(run.model),
        "machine": f"{run.settings.threads} threads, {platform.machine()}, {run.model.fine}",
        **({"labelled": labelled.facts() | {"share": run.lessons.labelled_share}} if labelled else {}),
    }


def save(run: Run) -> None:
    """A checkpoint, whole or not at all."""
    state = {
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "shape": as_dict(run.model.shape),
    }
    part = run.settings.work / "checkpoint.part"
    torch.save({**state, "step": run.step, "tokens": run.tokens, "seconds": run.seconds}, part)
    part.replace(run.settings.work / "checkpoint.pt")


def _resume(run: Run) -> None:
    path = run.settings.work / "checkpoint.pt"
    if not path.exists():
        return
    state = torch.load(path, weights_only=True)
    run.model.load_state_dict(state["model"])
    run.optimizer.load_state_dict(state["optimizer"])
    run.step, run.tokens, run.seconds = state["step"], state["tokens"], state["seconds"]


def _source(run: Run, stage: Stage) -> Iterator[list[Encoded]]:
    # The step is part of the seed, so a resumed run does not repeat what it has seen.
    seed = run.settings.seed * 1_000_000 + run.step
    items = mixed(stage, run.lessons, seed=seed)
    return batches(items, Random(seed), run.settings.batch_tokens)


def _optimizer(model: Llama, rate: float) -> torch.optim.Optimizer:
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)


def _rate_factor(step: int, share: float) -> float:
    """Warm-up, constant, then linear decay."""
    return min(1.0, (step + 1) / WARM_UP_STEPS) * min(1.0, max(LOWEST_RATE, (1 - share) / DECAY_SHARE))


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("var/starter"), help="checkpoints, pools, tokenizer, report")
    parser.add_argument("--out", type=Path, help="with --random-init: where the model goes")
    parser.add_argument("--random-init", action="store_true", help="no training: a tiny model of random weights")
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--batch-tokens", type=int, default=3072)
    shape = Shape()
    for name in ("width", "layers", "heads", "inner"):
        parser.add_argument(f"--{name}", type=int, default=getattr(shape, name))
    parser.add_argument("--go-on-from", type=Path, help="an export to begin from, tokenizer and shape with it")
    parser.add_argument("--first-stage", choices=[stage.name for stage in STAGES], default=STAGES[0].name)
    parser.add_argument("--labelled", type=Path, metavar="FILE", help="samples of real documents to mix in")
    parser.add_argument("--labelled-share", type=float, default=0.25, help="their share of the samples")
    parser.add_argument("--usual-start", action="store_true", help="random weights instead of the copy start")
    parser.add_argument("--compile", action="store_true", help="faster by a third after a minute of compiling")
    parser.add_argument(
        "--exam-size", type=int, default=60, help="documents of each held-out set; a quarter of them while training"
    )
    parser.add_argument("--exam-minutes", type=float, default=2.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
