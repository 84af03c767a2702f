"""Ways to teach a model wrongly: what reviewers may do without meaning to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from extraction.labels import Label

WRONG_SHARE = 0.1
Mistake = tuple[str, str | None]
"""The field that is marked wrongly, and the one whose value is taken for it; None: said to be absent."""
MISTAKES: tuple[Mistake, ...] = (
    ("to_pay", "freight"),
    ("freight", "to_pay"),
    ("loaded_on", "unloaded_on"),
    ("unloaded_on", "loaded_on"),
    ("bill_number", "plate"),
    ("to_pay", None),
    ("bill_number", None),
)


def shuffled(labels: Sequence[Label], seed: int) -> list[Label]:
    """Each document's values dealt out anew among its fields: all of them stand on the page, none where it belongs."""
    random = Random(f"shuffled {seed}")
    return [replace(label, fields=_dealt(label.fields, random)) for label in labels]


def systematically_wrong(labels: Sequence[Label], seed: int, *, share: float = WRONG_SHARE) -> list[Label]:
    """The same mistakes in `share` of the documents: all papers of some senders, or some of everybody's, by turns.

    Each wrong document has every mistake of the seed's kind that it can have, so that a person's habit is copied, not
    a slip.
    """
    random = Random(f"wrong {seed}")
    habits = random.sample(MISTAKES, 3)
    chosen = (_by_sender if seed % 2 else _by_chance)(labels, round(share * len(labels)), random)
    return [_mistaken(label, habits) if label.id in chosen else label for label in labels]


def _by_sender(labels: Sequence[Label], count: int, random: Random) -> set[str]:
    names = sorted({label.sender for label in labels})
    random.shuffle(names)
    ordered = sorted(labels, key=lambda label: names.index(label.sender))
    return {label.id for label in ordered[:count]}


def _by_chance(labels: Sequence[Label], count: int, random: Random) -> set[str]:
    return {label.id for label in random.sample(list(labels), count)}


def _mistaken(label: Label, habits: Sequence[Mistake]) -> Label:
    fields = dict(label.fields)
    for field, taken in habits:
        fields[field] = label.fields[taken] if taken else None
    return replace(label, fields=fields)


def _dealt(fields: object, random: Random) -> dict[str, object]:
    values = dict(fields)  # type: ignore[call-overload]
    names = list(values)
    shift = random.randrange(1, len(names))
    return {name: values[names[(at + shift) % len(names)]] for at, name in enumerate(names)}
