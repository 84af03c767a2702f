"""Addresses of a paper's country: all their lines, or as their parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.wordings import CONCEPTS

_OF = {"seller_address": "seller", "buyer_address": "buyer", "ship_to_address": "ship_to"}


@dataclass(frozen=True, slots=True)
class Address:
    """`lines` in the order of the country's letters; the parts as they stand in them."""

    lines: tuple[str, ...]
    postcode: str
    city: str


def draw_address(paper: Paper, who: str = "") -> Address:
    """An address; city and postcode are marked as those of `who` (seller, buyer, ship_to) where it is given."""
    code, city, state = paper.say("cities").split("|")
    if paper.chance(0.12):
        city = paper.say("anywhere")
    if paper.chance(0.1):
        city = paper.say("coined")
    bound = {
        name: _part(paper, who, name, text) for name, text in (("postcode", code), ("city", city), ("state", state))
    }
    place = paper.say("place", bound)
    text = paper.say("form", {"place": lambda: place})
    lines = [line for line in map(_tidied, text.split("|")) if line.strip(".,")]
    return Address((*lines[:-1], lines[-1].rstrip(" ,")), code, city)


def _part(paper: Paper, who: str, name: str, text: str) -> Callable[[], str]:
    """Writes a part; marked where a concept knows it."""
    concept = f"{who}_{name}"
    return lambda: paper.state(concept, text) if text and concept in CONCEPTS else text


def _tidied(line: str) -> str:
    """Without what empty parts leave behind."""
    for wrong, right in ((" ,", ","), (",,", ","), ("()", ""), (GAP, " "), ("- ,", "-")):
        line = line.replace(wrong, right)
    return line.strip(" -/")


def address_lines(paper: Paper, concept: str) -> list[str]:
    """A whole address, marked as the value of `concept`, in one to six lines."""
    text = "\n".join(_set(paper, draw_address(paper, _OF[concept]).lines))
    return paper.state(concept, text).split("\n")


def _set(paper: Paper, lines: tuple[str, ...]) -> list[str]:
    """The lines as they are, run together, or broken anew at some width."""
    form = paper.random.random()
    if form < 0.45:
        return list(lines)
    joint = paper.pick((", ", ", ", ",", " ", ", "))
    joined = joint.join(line.rstrip(",") for line in lines)
    if form < 0.6:
        return [joined]
    return broken(joined, paper.random.randint(20, 44))


def broken(text: str, width: int) -> list[str]:
    """Lines of about `width` characters, marks included, broken at blanks."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
