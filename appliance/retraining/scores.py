"""The figures on a model's card, as text."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from models_store.card import ModelCard


@dataclass(frozen=True, slots=True)
class Score:
    """One measure: `value` as text, `n` and `interval` empty where the card does not give them."""

    name: str
    value: str
    n: str = ""
    interval: str = ""


def scores_of(card: ModelCard) -> list[Score]:
    """`scores` maps a measure to a number, or to its figures: {"value": 0.91, "n": 300, "interval": [0.88, 0.94]}."""
    return [score for name, figures in card.scores.items() for score in _scores(name, figures)]


def _scores(name: str, figures: JsonValue) -> list[Score]:
    if not isinstance(figures, dict):
        return [Score(name, _text(figures))]
    if "value" in figures:
        rest = {key: _text(figures[key]) for key in ("n", "interval") if key in figures}
        return [Score(name, _text(figures["value"]), **rest)]
    return [score for key, inner in figures.items() for score in _scores(f"{name}: {key}", inner)]


def _text(value: JsonValue) -> str:
    if isinstance(value, list):
        return " to ".join(_text(part) for part in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
