"""Base + examples -> LoRA adapter: a plain loop over batches of tokens, with the loss on the answers alone.

transformers' Trainer is as fast, but its sampler, scheduler, loss, stopping and checkpoints would all have to be
replaced for this.

The rate decays linearly with the share of the work that is done (epochs, or the time where that is the limit). The
calibration part is scored after each epoch; the best state is kept, and a run that grows worse ends early. Without a
time limit the same settings give the same adapter, also when the run was killed in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from torch import Tensor
from torch.nn import functional
from transformers import AutoModelForCausalLM
from transformers.utils.logging import disable_progress_bar

from models_store.starter.encoding import Encoded
from models_store.starter.network import best_type
from models_store.starter.scoring import pack
from models_store.starter.variation import seeded
from models_store.tuning.batches import batched
from models_store.tuning.checkpoint import read_checkpoint, save_checkpoint

_CHECKPOINT_SECONDS = 30.0
_SMOOTHING = 0.95


@dataclass(frozen=True, slots=True)
class LoraSettings:
    """`rate` fits the starter model; models of a billion parameters want about 2e-4. `minutes`: None is no limit.
    `patience`: calibrations in a row that may be worse than the best one."""

    rank: int = 16
    alpha: int = 32
    rate: float = 2e-3
    epochs: int = 4
    minutes: float | None = None
    batch_tokens: int = 2048
    warm_up_steps: int = 20
    clip: float = 1.0
    patience: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` of 1 and `seconds_left` of the whole run; `loss` is smoothed over about twenty steps."""

    step: int
    epoch: int
    share: float
    loss: float
    tokens: int
    seconds: float
    seconds_left: float


@dataclass(slots=True)
class Figures:
    """What a run counts. `losses`: of each step, weighted mean per answer token; `calibration`: the same on the
    calibration part, before training and after each epoch."""

    step: int = 0
    epoch: int = 0
    batch: int = 0
    tokens: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)
    calibration: list[float] = field(default_factory=list)
    smooth: float = 0.0

    def count(self, loss: float, tokens: int) -> None:
        """One step."""
        self.smooth = _SMOOTHING * self.smooth + (1 - _SMOOTHING) * loss if self.step else loss
        self.losses.append(loss)
        self.step += 1
        self.batch += 1
        self.tokens += tokens


class Training:
    """One run. `examples` gives those of an epoch by its number; `work` holds the checkpoint; `run` names what is
    trained on what, so that a checkpoint of something else is not gone on with."""

    def __init__(
        self, base: Path, settings: LoraSettings, *, examples: Callable[[int], list[Encoded]], work: Path, run: str
    ) -> None:
        self.settings, self.figures = settings, Figures()
        self._examples, self._work, self._run = examples, work, f"{run} {settings}"
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(settings.seed)
        self.model = _with_adapter(base, settings).to(self._device)
        self._weights = [p for p in self.model.parameters() if p.requires_grad]
        self._optimizer = torch.optim.AdamW(self._weights, lr=settings.rate, betas=(0.9, 0.99), weight_decay=0.0)
        self._best: dict[str, Tensor] = {}
        self._batches = 0
        self._saved_at = 0.0

    def run(
        self,
        calibration: Sequence[Encoded] = (),
        on_progress: Callable[[Progress], None] = lambda progress: None,
    ) -> Figures:
        """Trains to the end, or goes on from the checkpoint. Afterwards `model` holds the best state."""
        self._resume()
        if not self.figures.calibration:
            self._calibrate(calibration)
        while self._has_more():
            for _ in self._epoch():
                on_progress(self._progress())
            self._calibrate(calibration)
            self._save()
        if self._best:
            set_peft_model_state_dict(self.model, self._best)
        return self.figures

    def _has_more(self) -> bool:
        scores = self.figures.calibration
        worse = len(scores) - 1 - scores.index(min(scores)) if scores else 0
        return self._share() < 1 and worse < self.settings.patience

    def _epoch(self) -> Iterator[None]:
        """The batches of the epoch that are left. Yields after each."""
        figures = self.figures
        random = seeded(self.settings.seed, figures.epoch)
        batches = batched(self._examples(figures.epoch), tokens=self.settings.batch_tokens, random=random)
        self._batches = len(batches)
        while figures.batch < len(batches) and self._share() < 1:
            begun = time.monotonic()
            batch = batches[figures.batch]
            figures.count(self._learn(batch), sum(len(example.ids) for example in batch))
            figures.seconds += time.monotonic() - begun
            if time.monotonic() - self._saved_at > _CHECKPOINT_SECONDS:
                self._save()
            yield
        figures.epoch, figures.batch = figures.epoch + 1, 0

    def _learn(self, batch: list[Encoded]) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self.settings.rate * self._rate_factor()
        self.model.train()
        loss = self._loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._weights, self.settings.clip)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return loss.item()

    def _loss(self, batch: Sequence[Encoded]) -> Tensor:
        """Weighted mean over the answer tokens; the vocabulary is looked at for them only."""
        tokens, weights = (part.to(self._device) for part in pack(batch))
        chosen = weights > 0
        fine = best_type(self._device)
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=fine == torch.bfloat16):
            # Padding stands on the right, where causal attention does not look: no mask is needed.
            network = self.model.get_base_model()
            hidden = network.model(input_ids=tokens, use_cache=False).last_hidden_state
            logits = network.lm_head(hidden[chosen]).float()
        losses = functional.cross_entropy(logits, tokens.roll(-1, 1)[chosen], reduction="none")
        return (losses * weights[chosen]).sum() / weights[chosen].sum()

    @torch.no_grad()
    def _calibrate(self, examples: Sequence[Encoded]) -> None:
        """Scores the calibration part, and keeps the state where it is the best one so far."""
        if not examples:
            return
        self.model.eval()
        batches = batched(examples, tokens=self.settings.batch_tokens, random=seeded(self.settings.seed))
        score = sum(self._loss(batch).item() * len(batch) for batch in batches) / len(examples)
        if score <= min(self.figures.calibration, default=score):
            self._best = {name: t.detach().clone() for name, t in get_peft_model_state_dict(self.model).items()}
        self.figures.calibration.append(score)

    def _share(self) -> float:
        """How much of the run is done, of 1."""
        done = self.figures.epoch + (self.figures.batch / self._batches if self.figures.batch else 0)
        timed = self.figures.seconds / (self.settings.minutes * 60) if self.settings.minutes else 0.0
        return max(done / self.settings.epochs, timed)

    def _rate_factor(self) -> float:
        return min(1.0, (self.figures.step + 1) / self.settings.warm_up_steps) * (1 - self._share())

    def _progress(self) -> Progress:
        figures, share = self.figures, self._share()
        left = figures.seconds * (1 - share) / share if share else 0.0
        return Progress(
            figures.step, figures.epoch, share, figures.smooth, figures.tokens, figures.seconds, max(0.0, left)
        )

    def _save(self) -> None:
        state = {
            "run": self._run,
            "adapter": get_peft_model_state_dict(self.model),
            "best": self._best,
            "optimizer": self._optimizer.state_dict(),
            "batches": self._batches,
            "figures": {name: getattr(self.figures, name) for name in Figures.__dataclass_fields__},
        }
        save_checkpoint(self._work, state)
        self._saved_at = time.monotonic()

    def _resume(self) -> None:
        self._saved_at = time.monotonic()
        state = read_checkpoint(self._work, run=self._run)
        if state is None:
            return
        set_peft_model_state_dict(self.model, state["adapter"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._best, self._batches = state["best"], state["batches"]
        self.figures = replace(self.figures, **state["figures"])


def _with_adapter(base: Path, settings: LoraSettings) -> Any:
    """The base in 32 bits with fresh adapters beside all its linear layers. Nothing is fetched from anywhere."""
    disable_progress_bar()  # type: ignore[no-untyped-call]
    model = AutoModelForCausalLM.from_pretrained(
        base, dtype=torch.float32, attn_implementation="sdpa", local_files_only=True
    )
    config = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules="all-linear", task_type="CAUSAL_LM")
    return get_peft_model(model, config)
