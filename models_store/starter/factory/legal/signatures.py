"""The end of a contract: who signs, in which office, when."""

from __future__ import annotations

from models_store.starter.factory.draft import Row, bare
from models_store.starter.factory.layout import beside
from models_store.starter.factory.legal.deal import Deal
from models_store.starter.factory.wordings import LISTS

_SIGNATORIES = LISTS["contract_signatories"]


def signature_lines(deal: Deal) -> list[str]:
    """Two blocks, beside or under each other, with a closing sentence before them."""
    desk, scene = deal.desk, deal.scene
    labels = {column.name: desk.label(column) for column in _SIGNATORIES.columns}
    joint = desk.values.one(": |: |  |:  | ")
    named = desk.chance(0.6)
    dated = desk.chance(0.5) and deal.dated in ("made", "as_of")
    columns = [column for column, share in (("position", 0.6), ("date", 0.5)) if desk.chance(share)]
    blocks, rows = [], []
    for side in "ab":
        row = _row(deal, side, dated=dated) if named else {}
        rows.append({name: value for name, value in row.items() if name in ("name", *columns)})
        head = desk.values.one("|For |For and on behalf of |") + bare(scene.said[f"party_{side}"])
        lines = [
            head,
            desk.values.one("By: ____________|____________________|Signature: ________|Signed: ......................"),
        ]
        lines += [f"{labels[name]}{joint}{row.get(name, '________')}" for name in ("name", *columns)]
        blocks.append(lines)
    if named:
        desk.rows(_SIGNATORIES, rows)
    closing = [scene.say(deal.book["end"]["closings"])] if desk.chance(0.6) else []
    return [*closing, *(beside(*blocks) if desk.chance(0.6) else [*blocks[0], *blocks[1]])]


def _row(deal: Deal, side: str, *, dated: bool) -> Row:
    """Who signs for this side; a person who is a party signs alone."""
    draft, scene, values = deal.desk.draft, deal.scene, deal.desk.values
    name = scene.said[f"party_{side}"] if deal.alone[side] else scene.fill(f"representative_{side}")
    row = {"name": name, "position": draft.mark(values.word_of("signing_positions"))}
    if dated:
        row["date"] = draft.mark(deal.scene.tongue.date()[1])
    return row
