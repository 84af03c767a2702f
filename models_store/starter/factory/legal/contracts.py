"""Contracts: title, parties, recitals, clauses with values deep inside, cover sheets, signatures."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import bare
from models_store.starter.factory.layout import Pair, notes, pairs
from models_store.starter.factory.legal.deal import CORE, Deal
from models_store.starter.factory.legal.paper import flow, page_width, paged
from models_store.starter.factory.legal.signatures import signature_lines
from models_store.starter.factory.legal.tongue import LANGUAGES
from models_store.starter.factory.wordings import CONCEPTS

_LENGTHS = {0: (250, 550), 1: (750, 1_400), 2: (1_500, 2_400), 3: (3_400, 9_500)}
"""Characters of a document of each size."""
_SECONDARY = (
    "deposit_sum", "liability_cap", "late_fee", "payment_term", "cure_period", "survival_period", "renewal_period",
    "noncompete_period", "warranty_period", "contract_number", "interest_rate", "insurance_sum", "place_signed",
    "notice_email", "original_date", "contact_a", "return_period", "claims_period",
)  # fmt: skip
_SIDES = frozenset({"A", "B"})
Clause = tuple[str, list[str]]
"""The name of its headings, and its sentences."""


def write_contract(desk: Desk) -> None:
    """One contract in one of four languages."""
    language = desk.random.choices(LANGUAGES, (66, 12, 11, 11)[: len(LANGUAGES)])[0]
    deal = Deal(desk, language)
    width, draft = page_width(desk), desk.draft
    blocks = _front(deal)
    clauses = _clauses(deal, sum(len(block) for block in blocks))
    blocks += _numbered(deal, clauses)
    lines = [line for block in blocks for line in flow(block, width)]
    if desk.chance(0.7):
        lines += signature_lines(deal)
    draft.add(*_on_pages(deal, lines))
    _ask(deal)


def _ask(deal: Deal) -> None:
    """Which values are asked for though they are not there, and the parties as a list."""
    facts, scene = deal.desk.draft.facts, deal.scene
    scene.miss([name for name in CORE if name not in facts and (name not in ("venue",) or deal.desk.chance(0.4))])
    absent = [name for name in _SECONDARY if name not in facts]
    scene.miss(deal.random.sample(absent, min(len(absent), deal.random.randint(0, 2))))
    deal.list_parties()


def _front(deal: Deal) -> list[str]:
    """Title, now and then a cover sheet or a line of numbers, the opening and the recitals."""
    desk, scene = deal.desk, deal.scene
    blocks = notes(1, desk.random) if desk.chance(0.07) else []
    blocks.append(deal.title if desk.chance(0.88) else f"{desk.label(CONCEPTS['title'])}: {deal.title}")
    if desk.chance(0.12):
        blocks.append(
            f"{desk.label(CONCEPTS['contract_number'])}{desk.values.one(': | | : ')}{scene.fill('contract_number')}"
        )
    covered = desk.chance(0.22)
    if covered:
        blocks += _cover(deal)
    if not covered or desk.chance(0.6):
        blocks.append(_opening(deal))
    if deal.amended:
        blocks += scene.some(deal.book["amendment"]["references"], 1 + (desk.size > 1))
    if desk.size and desk.chance(0.4):
        blocks += [scene.say(deal.book["preambles"]), *scene.some(deal.book["recitals"], desk.random.randint(1, 3))]
    return blocks


def _opening(deal: Deal) -> str:
    scene, ways = deal.scene, deal.book["openings"]
    match deal.dated:
        case "made":
            scene.said["made"] = scene.fill("effective_date")
            return scene.say(ways["made"])
        case "as_of":
            return scene.say(ways["as_of"])
        case "signed":
            scene.said["made"] = scene.fill("signing_date")
            return scene.say(ways["made"])
        case _:
            return scene.say(ways["undated"])


def _cover(deal: Deal) -> list[str]:
    """A table of the key terms."""
    desk, scene = deal.desk, deal.scene
    items: list[Pair] = []
    for side, role in zip("ab", deal.roles, strict=True):
        label = role if desk.chance(0.6) else desk.label(CONCEPTS[f"party_{side}"])
        items.append((label, scene.said[f"party_{side}"]))
    told = [name for name in CORE if name in deal.told and desk.chance(0.75)]
    desk.random.shuffle(told)
    items += [(desk.label(CONCEPTS[name]), _cell(deal, name)) for name in told]
    extra = desk.random.sample(
        ("contract_number", "payment_term", "renewal_period", "deposit_sum"), desk.random.randint(0, 2)
    )
    items += [(desk.label(CONCEPTS[name]), _cell(deal, name)) for name in extra]
    heading = [scene.say(deal.book["covers"])] if desk.chance(0.6) else []
    return [*heading, *pairs(items, desk.random)]


def _cell(deal: Deal, name: str) -> str:
    """A value as it stands in a table: bare, an amount with its currency."""
    return deal.scene.fill(name) if CONCEPTS[name].maker == "money" else deal.scene.bare(name)


def _clauses(deal: Deal, used: int) -> list[Clause]:
    """The clauses that tell the values, and others until the page is full."""
    desk, scene, random = deal.desk, deal.scene, deal.random
    core, filler = deal.book["core"], deal.book["filler"]
    clauses: list[Clause] = []
    for name in CORE:
        if name in deal.told and (name not in scene.said or desk.chance(0.3) or name == "contract_value"):
            if name == "effective_date" and deal.dated in ("made", "as_of"):
                continue
            without = deal.untold | _SIDES if name == "contract_value" and deal.pays_the_second else deal.untold
            clauses.append((name, [scene.say(core[name], without=without)]))
    room = random.randint(*_LENGTHS[desk.size]) - used - sum(len(text) for _, (text,) in clauses)
    names = [name for name in filler if _fits(deal, name)]
    random.shuffle(names)
    for name in names:
        if room <= 0:
            break
        texts = scene.some(filler[name], random.randint(1, (2, 2, 3, 7)[desk.size]), without=deal.untold)
        clauses.append((name, texts))
        room -= sum(map(len, texts))
    if desk.chance(0.75):
        random.shuffle(clauses)
    return clauses


def _fits(deal: Deal, name: str) -> bool:
    """How long secrecy survives could be taken for the term of a secrecy agreement that has none."""
    return name != "survival" or deal.kind != "nda" or "term" in deal.told


def _numbered(deal: Deal, clauses: list[Clause]) -> list[str]:
    """The clauses with their numbers and headings, in the form of the document."""
    desk, book = deal.desk, deal.book
    way = deal.random.choice(("heading", "heading", "inline", "inline", "plain", "sub"))
    heading = deal.random.choice(book["numbering"].side(held_out=desk.held_out))
    inline = deal.random.choice(book["inline"].side(held_out=desk.held_out))
    shout = desk.chance(0.3)
    blocks: list[str] = []
    for number, (name, texts) in enumerate(clauses, start=1):
        title = deal.scene.say(book["heads"][name])
        marks = {"n": str(number), "h": title.upper() if shout else title, "t": " ".join(texts)}
        if way == "plain":
            blocks.append(marks["t"])
        elif way == "inline":
            blocks.append(inline.write(marks.__getitem__, deal.random))
        else:
            blocks.append(heading.write(marks.__getitem__, deal.random))
            dots = [f"{number}.{index} " for index in range(1, len(texts) + 1)]
            blocks += [dot + text for dot, text in zip(dots, texts, strict=True)] if way == "sub" else [marks["t"]]
    return blocks


def _on_pages(deal: Deal, lines: list[str]) -> list[str]:
    """Longer contracts have page numbers and running titles."""
    desk = deal.desk
    if desk.size < 2 and not desk.chance(0.1):
        return lines
    footer = deal.random.choice(deal.book["end"]["footers"].side(held_out=desk.held_out))
    marks = {"title": bare(deal.title), "ref": desk.values.code(), "p2": str(deal.random.randint(1, 9))}

    def furniture(page: int, count: int) -> list[str]:
        return [footer.write(lambda name: {**marks, "p": str(page), "q": str(count)}[name], deal.random)]

    return paged(lines, desk, furniture)
