"""Addresses in the forms of a paper's country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.wordings import CONCEPTS


@dataclass(frozen=True, slots=True)
class Address:
    """`lines` in the order of the country's letters; `parts` as they stand in them, some may be empty."""

    lines: tuple[str, ...]
    parts: dict[str, str]


def draw_address(paper: Paper) -> Address:
    """An address of the paper's country."""
    code, city, state = paper.say("cities").split("|")
    if paper.chance(0.2):
        city = paper.say(paper.pick(("anywhere", "coined")))
    place = paper.say("place", {"postcode": lambda: code, "city": lambda: city, "state": lambda: state})
    text = paper.say("form", {"place": lambda: place})
    lines = [line for line in map(_tidied, text.split("|")) if line.strip(".,")]
    lines[-1] = lines[-1].rstrip(" ,")
    return Address(tuple(lines), {"postcode": code, "city": city, "state": state})


def _tidied(line: str) -> str:
    """Without what empty parts leave behind."""
    for wrong, right in ((" ,", ","), (",,", ","), ("()", ""), (GAP, " "), ("- ,", "-")):
        line = line.replace(wrong, right)
    return line.strip(" -/")


def with_parts(paper: Paper, who: str, address: Address, lines: Sequence[str]) -> list[str]:
    """The lines with their parts marked as those of `who` (seller, buyer, ship_to), the last of each name."""
    marked = list(lines)
    for name, text in address.parts.items():
        if text and (concept := f"{who}_{name}") in CONCEPTS:
            _mark_last(paper, concept, text, marked)
    if (concept := f"{who}_street") in CONCEPTS and is_street(address, lines[0]) and len(lines) == 2:
        marked[0] = paper.state(concept, marked[0].rstrip(",")) + ("," if marked[0].endswith(",") else "")
    return marked


def is_street(address: Address, line: str) -> bool:
    """True for the first line of an address of a street and a place."""
    return len(address.lines) == 2 and line == address.lines[0] and address.parts["city"] not in line


def _mark_last(paper: Paper, concept: str, text: str, lines: list[str]) -> None:
    for index in range(len(lines) - 1, -1, -1):
        before, found, after = lines[index].rpartition(text)
        if found and not before[-1:].isalnum() and not after[:1].isalnum():
            lines[index] = before + paper.state(concept, text) + after
            return


def address_block(paper: Paper, who: str, lines: Sequence[str], address: Address) -> list[str]:
    """These lines as the whole address of `who`, its parts marked in them."""
    return paper.state(f"{who}_address", "\n".join(with_parts(paper, who, address, lines))).split("\n")


def drawn_block(paper: Paper, who: str) -> list[str]:
    """A fresh address of `who` in one to six lines: as the country writes it, run together, or broken at a width."""
    address = draw_address(paper)
    return address_block(paper, who, _set(paper, address.lines), address)


def _set(paper: Paper, lines: tuple[str, ...]) -> list[str]:
    form = paper.random.random()
    if form < 0.45:
        return list(lines)
    joined = paper.pick((", ", ", ", ",", " ", ", ")).join(line.rstrip(",") for line in lines)
    return [joined] if form < 0.6 else broken(joined, paper.random.randint(16, 38))


def broken(text: str, width: int) -> list[str]:
    """Lines of about `width` characters, broken at blanks."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
