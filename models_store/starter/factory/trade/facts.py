"""Labels and values of a header: lines, columns, grids, or labels above their values."""

from __future__ import annotations

from collections.abc import Sequence

from models_store.starter.factory.layout import Pair
from models_store.starter.factory.trade.paper import GAP, Paper

_JOINTS = (": ", ": ", GAP, GAP, ":  ", " : ", ":", " ", GAP + ": ")


def arranged(paper: Paper, pairs: Sequence[Pair], *, alone: bool = True) -> list[str]:
    """The pairs in one of the usual forms; grids only where nothing stands beside them."""
    form = paper.random.random()
    if alone and form < 0.14 and len(pairs) > 1:
        return _grid(paper, pairs)
    if form < 0.22:
        return [part for pair in pairs for part in pair]
    joint = paper.pick(_JOINTS)
    lines = [label + joint + value for label, value in pairs]
    if alone and form < 0.36:
        return [GAP.join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
    if form < 0.40:
        return [paper.pick((", ", GAP, " / ", " | ")).join(lines[at : at + 3]) for at in range(0, len(lines), 3)]
    return lines


def _grid(paper: Paper, pairs: Sequence[Pair]) -> list[str]:
    """Rows of labels, each above its row of values."""
    width = paper.random.randint(2, 5)
    rows = [pairs[at : at + width] for at in range(0, len(pairs), width)]
    return [GAP.join(cells) for row in rows for cells in zip(*row, strict=True)]
