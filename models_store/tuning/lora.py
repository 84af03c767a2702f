"""Base + examples -> LoRA adapter, by transformers' Trainer and PEFT, with the loss on the answers alone.

The rate decays linearly with the share of the work that is done (epochs, or the time where that is the limit). The
calibration part is scored after each epoch; the best state is kept, and a run that grows worse ends early. Without a
time limit the same settings give the same adapter, also when the run was killed in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch.optim.lr_scheduler import LambdaLR
from transformers import AutoConfig, AutoModelForCausalLM, TrainerCallback, TrainerControl, TrainerState
from transformers.utils.logging import disable_progress_bar

from models_store.starter.network import best_type
from models_store.starter.variation import seeded
from models_store.tuning.batches import Epochs, Example, batched
from models_store.tuning.checkpoint import FOLDER, checkpoint_folder, drop_checkpoints, mark_whole, newest_whole
from models_store.tuning.errors import BaseUnusable, Stopped
from models_store.tuning.progress import Figures, Progress
from models_store.tuning.settings import LoraSettings
from models_store.tuning.trainer import AnswerTrainer, Plan

_ADAPTER_FILE = "adapter_model.safetensors"
_HALVED_FROM = 1e9
"""Bytes of the files of a base from which on it is held in 16 bits, where the machine multiplies these fast."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on. `is_stopped` is asked after every step; where it says so, a checkpoint is written and the run
    raises Stopped."""

    on_progress: Callable[[Progress], None] = lambda progress: None
    is_stopped: Callable[[], bool] = lambda: False
    checkpoint_seconds: float = 30.0


class Training:
    """One run. `examples` gives those of an epoch by its number; `work` holds the checkpoints; `run` names what is
    trained on what, so that a checkpoint of something else is not gone on with. Raises BaseUnusable."""

    def __init__(
        self, base: Path, settings: LoraSettings, *, examples: Callable[[int], Sequence[Example]], work: Path, run: str
    ) -> None:
        self.settings, self.figures = settings, Figures()
        self._run, self._folder = f"{run} {settings}", work / FOLDER
        self._epochs = Epochs(examples, tokens=settings.batch_tokens, seed=settings.seed)
        torch.manual_seed(settings.seed)
        self.model = _with_adapter(base, settings)
        self._untrained = {name: t.clone() for name, t in get_peft_model_state_dict(self.model).items()}

    def run(self, calibration: Sequence[Example] = (), watch: Watch = Watch()) -> Figures:
        """Trains to the end, or goes on from the checkpoint. Afterwards `model` holds the best state.

        Raises Stopped or Diverged.
        """
        found = newest_whole(self._folder, run=self._run)
        if found is None:
            drop_checkpoints(self._folder)
        else:
            self.figures = Figures(**found[1])
        trainer = self._trainer(calibration, watch)
        if calibration and not self.figures.calibration:
            trainer.evaluate()
        if self._has_more():
            trainer.train(resume_from_checkpoint=str(found[0]) if found else None)
        self._keep_best()
        return self.figures

    def share(self) -> float:
        """How much of the run is done, of 1."""
        done = self.figures.step / (self.settings.epochs * len(self._epochs))
        timed = self.figures.seconds / (self.settings.minutes * 60) if self.settings.minutes else 0.0
        return min(1.0, max(done, timed))

    def progress(self, calibration: float | None = None) -> Progress:
        figures, share = self.figures, self.share()
        return Progress(
            step=figures.step,
            epoch=figures.step // len(self._epochs),
            share=share,
            loss=figures.smooth,
            calibration=calibration,
            tokens=figures.tokens,
            seconds=figures.seconds,
            seconds_left=figures.seconds * (1 - share) / share if share else 0.0,
        )

    def is_end_of_epoch(self) -> bool:
        return self.figures.step % len(self._epochs) == 0

    def mark(self) -> None:
        """The checkpoint of this step has been written."""
        mark_whole(checkpoint_folder(self._folder, self.figures.step), asdict(self.figures), run=self._run)

    def _has_more(self) -> bool:
        return self.share() < 1 and self.figures.worse < self.settings.patience

    def _trainer(self, calibration: Sequence[Example], watch: Watch) -> AnswerTrainer:
        batches = batched(calibration, tokens=self.settings.batch_tokens, random=seeded(self.settings.seed))
        plan = Plan(self.settings, self._epochs, tuple(batches), self._folder)
        weights = [weight for weight in self.model.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(weights, lr=self.settings.rate, betas=(0.9, 0.99), weight_decay=0.0)
        callback = _Pace(self, watch)
        return AnswerTrainer(
            self.model, plan, LambdaLR(optimizer, self._rate_factor), figures=self.figures, callback=callback
        )

    def _rate_factor(self, step: int) -> float:
        return min(1.0, (step + 1) / self.settings.warm_up_steps) * (1 - self.share())

    def _keep_best(self) -> None:
        step = self.figures.best if self.figures.calibration else self.figures.step
        kept = load_file(checkpoint_folder(self._folder, step) / _ADAPTER_FILE) if step else self._untrained
        set_peft_model_state_dict(self.model, kept)
        self.model.to("cpu")


class _Pace(TrainerCallback):
    """Between the steps: tells, asks for checkpoints, and ends a run whose time is up or that grows worse."""

    def __init__(self, training: Training, watch: Watch) -> None:
        self._training, self._watch = training, watch
        self._told_at = self._saved_at = time.monotonic()

    def on_step_end(self, args: Any, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        self._count_time()
        if self._training.share() >= 1:
            control.should_training_stop = True
        elif not self._training.is_end_of_epoch():
            is_due = time.monotonic() - self._saved_at > self._watch.checkpoint_seconds
            control.should_save = is_due or self._watch.is_stopped()
        self._watch.on_progress(self._training.progress())

    def on_evaluate(self, args: Any, state: TrainerState, control: TrainerControl, **told: Any) -> None:
        figures, score = self._training.figures, told["metrics"]["eval_loss"]
        figures.calibrated(score)
        control.should_training_stop |= figures.worse >= self._training.settings.patience
        self._count_time()
        self._watch.on_progress(self._training.progress(score))

    def on_save(self, args: Any, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        self._training.mark()
        self._saved_at = time.monotonic()
        if self._watch.is_stopped():
            raise Stopped

    def _count_time(self) -> None:
        now = time.monotonic()
        self._training.figures.seconds += now - self._told_at
        self._told_at = now


def _with_adapter(base: Path, settings: LoraSettings) -> Any:
    """The base with fresh adapters beside its linear layers. Nothing is fetched from anywhere."""
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        config = AutoConfig.from_pretrained(base, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(
            base,
            dtype=_type_of(base),
            # The fused attention leaves out the bend that Gemma 2 gives its scores.
            attn_implementation="eager" if getattr(config, "attn_logit_softcapping", None) else "sdpa",
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise BaseUnusable(str(error)) from error
    targets = settings.targets if isinstance(settings.targets, str) else list(settings.targets)
    lora = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules=targets, task_type="CAUSAL_LM")
    try:
        adapted = get_peft_model(model, lora)
    except ValueError as error:
        raise BaseUnusable(f"targets {settings.targets}: {error}") from error
    # Adapters are carried to other boxes: the folder that the base lay in here says nothing there.
    adapted.peft_config["default"].base_model_name_or_path = ""
    return adapted


def _type_of(base: Path) -> torch.dtype:
    """32 bits for small models; adapters always have 32."""
    is_large = sum(file.stat().st_size for file in base.glob("*.safetensors")) >= _HALVED_FROM
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return best_type(device) if is_large else torch.float32
