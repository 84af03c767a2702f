"""Which model came from which, and which documents taught it. Answers come from cards alone: nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models_store.card import ModelCard
from models_store.shelf import ARTIFACTS, list_models, removed_cards


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A model by its digest; `card` is None where the store does not hold it, and there the line ends."""

    digest: str
    card: ModelCard | None


@dataclass(frozen=True, slots=True)
class Taught:
    """A model that a document taught; `through` is the digest of the base that handed it down, "" when direct."""

    card: ModelCard
    through: str = ""


def cards(*, root: Path = ARTIFACTS, with_removed: bool = False) -> dict[str, ModelCard]:
    """Every card of the store by its digest; those of removed models too where the question is what made a value.

    Raises StoreError when one cannot be read.
    """
    removed = removed_cards(root=root) if with_removed else []
    return {card.digest: card for card in [*removed, *(model.card for model in list_models(root=root))]}


def ancestry(digest: str, known: Mapping[str, ModelCard]) -> tuple[Ancestor, ...]:
    """The model itself first, then its base, the base's base, and so on."""
    line: list[Ancestor] = []
    seen: set[str] = set()
    while digest and digest not in seen:
        seen.add(digest)
        card = known.get(digest)
        line.append(Ancestor(digest, card))
        digest = card.base if card else ""
    return tuple(line)


def descendants(digest: str, known: Mapping[str, ModelCard]) -> tuple[ModelCard, ...]:
    """Models that were made from this one, directly or through others, in the order of their making."""
    found = [card for card in known.values() if digest in _digests(ancestry(card.digest, known)[1:])]
    return tuple(sorted(found, key=lambda card: (card.made_at, card.digest)))


def taught_by(original: str, known: Mapping[str, ModelCard]) -> tuple[Taught, ...]:
    """Models that a document (SHA-256 of its original) taught: itself, or through a base, in the order of making."""
    found = [
        Taught(card, _through(original, card, known)) for card in known.values() if _is_taught(original, card, known)
    ]
    return tuple(sorted(found, key=lambda taught: (taught.card.made_at, taught.card.digest)))


def _is_taught(original: str, card: ModelCard, known: Mapping[str, ModelCard]) -> bool:
    return any(step.card is not None and original in step.card.documents for step in ancestry(card.digest, known))


def _through(original: str, card: ModelCard, known: Mapping[str, ModelCard]) -> str:
    if original in card.documents:
        return ""
    line = ancestry(card.digest, known)
    return next(step.digest for step in line if step.card is not None and original in step.card.documents)


def _digests(line: Sequence[Ancestor]) -> set[str]:
    return {step.digest for step in line}
