"""The options of a run as the tuning program takes them."""

from __future__ import annotations

from dataclasses import replace

from appliance.retraining.runs.options import Options
from models_store.card import ModelCard
from models_store.tuning.settings import LoraSettings, preset


def lora_settings(options: Options, base: ModelCard) -> LoraSettings:
    """What the options say, and the rest as it fits the size of the base."""
    fitting = preset("quick", base.parameters)
    return replace(
        fitting,
        rank=options.rank,
        alpha=options.alpha,
        rate=options.rate or fitting.rate,
        epochs=options.epochs,
        minutes=options.minutes or None,
        seed=options.seed,
    )
