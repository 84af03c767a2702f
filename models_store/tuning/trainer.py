"""transformers' Trainer with the loss on the answers alone.

Its own autocast wraps a model's forward, which would look at the whole vocabulary for every token of the page; so the
decoder and the head are called one by one here, and autocast stands around them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from models_store.starter.network import best_type
from models_store.tuning.batches import Batch, Epochs
from models_store.tuning.errors import Diverged
from models_store.tuning.progress import Figures
from models_store.tuning.settings import LoraSettings

_KEPT_CHECKPOINTS = 3
"""The best one, the last one, and the one before it while the last one is written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained how. `calibration`: may be empty. `folder`: for checkpoints."""

    settings: LoraSettings
    epochs: Epochs
    calibration: tuple[Batch, ...]
    folder: Path


class AnswerTrainer(Trainer):
    """`model`: a PEFT model. Every item of the data is a batch already. `figures` are counted in each step."""

    def __init__(
        self, model: Any, plan: Plan, schedule: LambdaLR, *, figures: Figures, callback: TrainerCallback
    ) -> None:
        super().__init__(
            model=model,
            args=_arguments(plan),
            data_collator=_only,
            train_dataset=plan.epochs,
            eval_dataset=list(plan.calibration) or None,
            optimizers=(schedule.optimizer, schedule),
            callbacks=[callback],
        )
        self.remove_callback(PrinterCallback)
        self.figures = figures

    def training_step(
        self, model: torch.nn.Module, inputs: dict[str, Any], num_items_in_batch: Tensor | int | None = None
    ) -> Tensor:
        """Raises Diverged."""
        loss = super().training_step(model, inputs, num_items_in_batch)
        if not math.isfinite(loss.item()):
            raise Diverged(f"step {self.figures.step + 1}")
        self.figures.count(loss.item(), inputs["count"])
        return loss

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:
        """Weighted mean over the answer tokens; the vocabulary is looked at for them only."""
        loss = answer_loss(self.model.get_base_model(), inputs)  # type: ignore[union-attr, operator]
        return (loss, {}) if return_outputs else loss


def answer_loss(network: Any, inputs: Mapping[str, Any]) -> Tensor:
    """`network`: a causal language model; `inputs`: as `Batch.tensors` gives them. Examples that count for less make
    the loss of their batch smaller; they are not made up for by being among themselves."""
    tokens, weights = inputs["tokens"], inputs["weights"]
    chosen = weights > 0
    with torch.autocast(tokens.device.type, torch.bfloat16, enabled=best_type(tokens.device) == torch.bfloat16):
        # Padding stands on the right, where causal attention does not look: no mask is needed.
        hidden = network.get_decoder()(input_ids=tokens, use_cache=False).last_hidden_state
        logits = _capped(network.get_output_embeddings()(hidden[chosen]), network.config).float()
    losses = functional.cross_entropy(logits, tokens.roll(-1, 1)[chosen], reduction="none")
    loss: Tensor = (losses * (weights * inputs["shares"])[chosen]).sum() / weights[chosen].sum()
    return loss


def _capped(logits: Tensor, config: Any) -> Tensor:
    """Gemma 2 bends its scores before they are compared."""
    cap = getattr(config, "final_logit_softcapping", None)
    return logits if cap is None else torch.tanh(logits / cap) * cap


def _only(batches: list[Batch]) -> dict[str, Any]:
    return {**batches[0].tensors(), "count": batches[0].count}


def _arguments(plan: Plan) -> TrainingArguments:
    """Nothing is reported anywhere. Checkpoints within an epoch are asked for by the callback."""
    return TrainingArguments(
        output_dir=str(plan.folder),
        num_train_epochs=plan.settings.epochs,
        per_device_train_batch_size=1,
        per_device_eval_batch_size=1,
        learning_rate=plan.settings.rate,
        max_grad_norm=plan.settings.clip,
        save_strategy="epoch",
        eval_strategy="epoch" if plan.calibration else "no",
        metric_for_best_model="loss" if plan.calibration else None,
        greater_is_better=False if plan.calibration else None,
        save_total_limit=_KEPT_CHECKPOINTS,
        logging_strategy="no",
        report_to="none",
        log_level="error",
        disable_tqdm=True,
        train_sampling_strategy="sequential",
        remove_unused_columns=False,
        label_names=["weights"],
        prediction_loss_only=True,
        dataloader_pin_memory=False,
        use_cpu=not torch.cuda.is_available(),
        seed=plan.settings.seed,
    )
