"""Insurance: policies, confirmations of cover, letters about claims."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import notes, pairs
from models_store.starter.factory.legal.paper import flow, page_width
from models_store.starter.factory.legal.papers.stationery import Page
from models_store.starter.factory.wordings import CONCEPTS

_ALL = (
    "cover_from",
    "cover_to",
    "cover_premium",
    "cover_sum",
    "cover_excess",
    "claim_no",
    "claim_loss_date",
    "claim_paid",
)


def write_policy(desk: Desk) -> None:
    page = Page(desk, "policy")
    scene, book, random = page.scene, page.book["policy"], desk.random
    width = page_width(desk)
    lines = [scene.say(book["titles"])]
    if desk.chance(0.35):
        names = ["cover_policy_no", "cover_insured", "cover_insurer", *random.sample(_ALL[:5], random.randint(1, 4))]
        random.shuffle(names)
        lines += pairs([(desk.label(CONCEPTS[name]), _cell(page, name)) for name in names], random)
    else:
        lines += flow(scene.say(book["opening"]), width)
    if desk.chance(0.4):
        lines.append(f"{desk.label(CONCEPTS['letter_date'])}: {scene.bare('letter_date')}")
    told = scene.some(book["period"], 1) if desk.chance(0.75) else []
    told += scene.some(book["sums"], random.randint(0, 2))
    told += scene.some(book["claim"], random.randint(0, 2))
    told += scene.some(book["fillers"], random.randint(0, 2 + 2 * desk.size))
    if desk.size > 1:
        told += page.padding()
    random.shuffle(told)
    for text in [" ".join(told)] if desk.chance(0.3) else told:
        lines += flow(text, width)
    if desk.chance(0.4):
        lines += [scene.fill("letter_signatory"), scene.fill("letter_signatory_title")]
    desk.draft.add(*lines, *notes(int(desk.chance(0.15)), random))
    scene.miss(random.sample(_ALL, 2))


def _cell(page: Page, name: str) -> str:
    return page.scene.fill(name) if CONCEPTS[name].maker == "money" else page.scene.bare(name)
