"""Ways to lay out a paper's groups of labelled values; some are kept for evaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.blocks import GAP, across, dealt, flowing, grid
from models_store.starter.factory.layout import Pair

Groups = Sequence[Sequence[Pair]]


def laid(desk: Desk, answers: Answers, groups: Groups) -> list[str]:
    """The groups in a layout drawn by name."""
    lines: list[str] = []
    ways: dict[str, Callable[[], list[str]]] = {
        "paper: plain": lambda: [line for group in groups for line in answers.write(group)],
        "paper: two columns": lambda: _columns(desk, answers, groups),
        "paper: labels below": lambda: [line for group in groups for line in answers.above_rule(group)],
        "paper: table": lambda: [GAP.join(pair) for group in groups for pair in group],
        "paper: numbered boxes": lambda: _boxes(answers, groups),
        "paper: grid": lambda: grid([pair for group in groups for pair in group], desk.random.randint(2, 4)),
        "paper: framed": lambda: [f"| {label} | {value} |" for group in groups for label, value in group],
        "paper: letter": lambda: [line for group in groups for line in flowing(group, ": ", desk.random)],
        "paper: extract": lambda: [line for group in groups for line in flowing(group, GAP, desk.random)],
        "paper: register": lambda: [f"{label}: {value}".strip() for group in groups for label, value in group],
    }

    def doing(way: Callable[[], list[str]]) -> Callable[[], None]:
        return lambda: lines.extend(way())

    desk.variant({name: doing(way) for name, way in ways.items()})
    return lines


def _columns(desk: Desk, answers: Answers, groups: Groups) -> list[str]:
    """All pairs dealt out to two or three blocks side by side."""
    items = [pair for group in groups for pair in group]
    parts = dealt(items, desk.random.choice((2, 2, 3)), desk.random)
    return across([answers.beside(part) for part in parts], desk.random, 1)


def _boxes(answers: Answers, groups: Groups) -> list[str]:
    """Numbered labels, each above its value; boxes side by side where both are filled."""
    lines: list[str] = []
    for group in groups:
        lines += answers.in_cells([(answers.numbered(label), value) for label, value in group])
    return lines
