"""Contracts: a title, a sentence naming the parties, clauses with values inside them, or a cover sheet."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import notes, pairs, wrapped
from models_store.starter.factory.wordings import CONCEPTS

_OPENINGS = (
    'This {title} (the "Agreement") is made on {date} between {a} ("{la}") and {b} ("{lb}").',
    'This {title} is entered into as of {date} by and between {a}, hereinafter "{la}", and {b}, hereinafter "{lb}".',
    '{a} ("{la}") and {b} ("{lb}") agree as follows with effect from {date}.',
    "This Agreement is effective as of {date} between {a}, with its seat at {seat}, and {b}, with its seat at {seat2}.",
    "THIS AGREEMENT dated {date} is between {a} (the {la}) and {b} (the {lb}).",
    "Between {a} and {b} the following contract is concluded on {date}.",
)
_CLAUSES = {
    "governing_law": (
        "This Agreement is governed by the laws of {}.",
        "This Agreement shall be governed by and construed in accordance with the laws of {}.",
        "The laws of {} apply.",
        "Governing law: {}.",
    ),
    "term": (
        "This Agreement remains in force for {}.",
        "The term of this Agreement is {}.",
        "The obligations of confidentiality last for a period of {} from the effective date.",
        "It shall continue for {} unless terminated earlier.",
    ),
    "termination_notice": (
        "Either party may terminate this Agreement with {} written notice.",
        "It may be terminated by giving {} notice in writing.",
        "Either party may end it upon {} prior notice.",
    ),
    "expiry_date": ("This Agreement expires on {}.", "It ends on {}.", "It is valid until {}."),
    "contract_value": (
        "The fee is {c} {} per month.",
        "The parties agree on a price of {c}{}.",
        "The Customer pays {} {c}.",
    ),
}
_FILLERS = (
    "Neither party shall disclose Confidential Information to any third party.",
    "All notices shall be in writing.",
    "This Agreement may be amended only in writing signed by both parties.",
    "If any provision is invalid, the remaining provisions stay in force.",
    "Confidential Information means any information disclosed in any form.",
    "The Receiving Party shall protect the information with reasonable care.",
)


def write_contract(desk: Desk) -> None:
    draft, random = desk.draft, desk.random
    title = desk.state("title")
    draft.add(title if desk.chance(0.85) else f"{desk.label(CONCEPTS['title'])}: {title}")
    if desk.chance(0.25):
        chances = "party_a=100 party_b=95 effective_date=90 governing_law=70 term=60"
        chances += " termination_notice=50 expiry_date=40 contract_value=40"
        draft.add(*pairs(desk.some(chances), random))
        draft.add(*wrapped(" ".join(random.sample(_FILLERS, 1 + desk.size)), random))
    else:
        _prose(desk, title)
    if desk.chance(0.3):
        draft.add(*notes(1, random), "Signature  ____________", "Date  ____________")


def _prose(desk: Desk, title: str) -> None:
    sentences = [_opening(desk)]
    clauses = [
        _clause(desk, name)
        for name in _CLAUSES
        if desk.chance(0.6 if name not in ("expiry_date", "contract_value") else 0.35)
    ]
    clauses += random_fillers(desk)
    desk.random.shuffle(clauses)
    numbered = desk.chance(0.5)
    lines = [wrapped(s, desk.random) for s in sentences]
    for index, clause in enumerate(clauses, start=1):
        lines.append(wrapped(f"{index}. {clause}" if numbered else clause, desk.random))
    for paragraph in lines:
        desk.draft.add(*paragraph)


def random_fillers(desk: Desk) -> list[str]:
    """Clauses that no field asks for."""
    fillers = desk.random.sample(_FILLERS, desk.random.randint(0, 1 + desk.size))
    return fillers + [desk.values.sentence() for _ in range(desk.random.randint(0, desk.size))]


def _opening(desk: Desk) -> str:
    labels = {key: desk.label(CONCEPTS[name]) for key, name in (("la", "party_a"), ("lb", "party_b"))}
    places = {"seat": desk.values.place(), "seat2": desk.values.place()}
    pattern = desk.random.choice(_OPENINGS[1:4] if desk.held_out else _OPENINGS)
    parties = {"a": desk.state("party_a"), "b": desk.state("party_b"), "date": desk.state("effective_date")}
    title = desk.values.one("Agreement|Contract|Mutual Agreement")
    return pattern.format(title=title, **parties, **labels, **places)


def _clause(desk: Desk, name: str) -> str:
    return desk.random.choice(_CLAUSES[name]).format(desk.state(name), c=desk.values.sign)
