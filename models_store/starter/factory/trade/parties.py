"""Seller, buyer and the place of delivery as blocks of lines, alone or beside other blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from models_store.starter.factory.trade.addresses import Address, address_block, draw_address, is_street, with_parts
from models_store.starter.factory.trade.letterhead import company_name
from models_store.starter.factory.trade.paper import GAP, Paper


@dataclass(frozen=True, slots=True)
class Party:
    """`who` names the concepts of the address: seller, buyer, ship_to. `concept` is that of the name."""

    who: str
    concept: str
    name: str
    address: Address


def draw_party(paper: Paper, who: str, concept: str, *, person: float = 0.0) -> Party:
    """A company, or a person in that share of cases."""
    name = paper.desk.values.person() if paper.chance(person) else company_name(paper)
    return Party(who, concept, name, draw_address(paper))


def party_lines(paper: Paper, party: Party, *, alone: bool) -> list[str]:
    """Name and address. The address as a whole is marked where nothing stands beside it, or where it is one line."""
    lines = list(party.address.lines)
    if paper.chance(0.15):
        lines = [", ".join(line.rstrip(",") for line in lines)]
    if alone or len(lines) == 1:
        marked = address_block(paper, party.who, lines, party.address)
    else:
        marked = with_parts(paper, party.who, party.address, lines)
    return [paper.state(party.concept, party.name), *marked]


def fielded(paper: Paper, party: Party, *, alone: bool) -> list[str]:
    """Name and address behind labels of their own, as renderings of electronic invoices have them."""
    joint = paper.pick((": ", ":  ", GAP, ": ", " : "))
    lines = [paper.sentence("name_word") + joint + paper.state(party.concept, party.name)]
    names = [name for name in ("postcode", "city") if party.address.parts[name]]
    if is_street(party.address, party.address.lines[0]) and paper.chance(0.4):
        label, text = paper.pair(f"{party.who}_street", party.address.lines[0].rstrip(","))
        street = label + joint + text
        parts = [paper.pair(f"{party.who}_{name}", party.address.parts[name]) for name in names]
        return [*lines, street, *(label + joint + text for label, text in parts)]
    address = party.address.lines
    block = address_block if alone else _parts_only
    first, *rest = block(paper, party.who, address, party.address)
    return [*lines, paper.sentence("address_word") + joint + first, *rest]


def _parts_only(paper: Paper, who: str, lines: Sequence[str], address: Address) -> list[str]:
    return with_parts(paper, who, address, lines)


def one_line(paper: Paper, party: Party) -> str:
    """The small line above a window: name and address, run together."""
    joint = paper.pick((" - ", ", ", ", ", " - ", " · ", " | ", " • ", GAP, " / "))
    line = joint.join(line.rstrip(",") for line in party.address.lines)
    if joint in (" - ", ", "):
        line = address_block(paper, party.who, [line], party.address)[0]
    else:
        line = with_parts(paper, party.who, party.address, [line])[0]
    return paper.state(party.concept, party.name) + joint + line


def abreast(left: Sequence[str], right: Sequence[str], random: Random) -> list[str]:
    """Two blocks side by side; one of them may begin some lines lower."""
    shift = random.choice((0, 0, 0, 1, 2, 3))
    first, second = (
        ([""] * shift + list(left), list(right)) if random.random() < 0.3 else (list(left), [""] * shift + list(right))
    )
    height = max(len(first), len(second))
    cells = (block + [""] * (height - len(block)) for block in (first, second))
    return [GAP.join(filter(None, row)) for row in zip(*cells, strict=True)]
