"""Papers of courts: judgments, orders, summonses."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import beside
from models_store.starter.factory.legal.paper import flow, page_width
from models_store.starter.factory.legal.papers.stationery import Page
from models_store.starter.factory.wordings import CONCEPTS

_SIDES = (
    ("Claimant", "Defendant"),
    ("Plaintiff", "Defendant"),
    ("Petitioner", "Respondent"),
    ("Applicant", "Respondent"),
)


def write_court_paper(desk: Desk) -> None:
    page = Page(desk, "court")
    scene, court = page.scene, page.book["court"]
    width = page_width(desk)
    name = scene.say(court["courts"])
    number = scene.say(court["case_labels"]) + " " + desk.state("court_case_no")
    head = [desk.state("court_name", name), number]
    if desk.chance(0.3):
        head.reverse()
    elif desk.chance(0.3):
        head = ["  ".join(head)]
    paper = [scene.say(court["papers"])]
    blocks = [scene.say(court["case"]), *scene.some(court["facts"], desk.random.randint(1, 3 + desk.size))]
    blocks += scene.some(court["rulings"], desk.random.randint(1, 3)) if desk.chance(0.85) else []
    if desk.chance(0.3):
        option = desk.random.choice(("true", "false"))
        words = "granted|allowed" if option == "true" else "refused|denied|not granted"
        blocks.append(f"Leave to appeal is {desk.state('court_appeal_allowed', desk.values.one(words), option)}.")
    if desk.size > 1:
        blocks += page.padding()
    numbered = desk.chance(0.5)
    texts = [f"{index}. {text}" if numbered else text for index, text in enumerate(blocks, start=1)]
    body = [line for text in texts for line in flow(text, width)]
    end = [scene.say(court["dates"])] if desk.chance(0.85) else []
    if desk.chance(0.4):
        end.append(
            desk.values.one("______________ |(signed) |/s/ ")
            + desk.values.one("Clerk|Judge|Registrar|Seal of the court")
        )
    if desk.chance(0.2):
        end.append(f"{desk.label(CONCEPTS['court_judge'])}: {scene.fill('court_judge')}")
    desk.draft.add(*head, *_parties(page), *paper, *body, *end)
    scene.miss(
        desk.random.sample(("court_award", "court_costs", "court_judge", "court_hearing_date", "court_filed_date"), 2)
    )


def _parties(page: Page) -> list[str]:
    """Who sues whom, above each other or in the box that courts print."""
    desk, scene = page.desk, page.scene
    first, second = desk.random.choice(_SIDES)
    sues, sued = desk.state("court_plaintiff"), desk.state("court_defendant")
    form = desk.random.random()
    if form < 0.2:
        return [f"{first}: {sues}", f"{second}: {sued}"]
    if form < 0.4:
        return [f"BETWEEN {sues}", first, "and", sued, second]
    versus = scene.say(page.book["court"]["versus"])
    lines = [f"{sues}, {first}", versus, f"{sued}, {second}"]
    if form < 0.6:
        return [f"{sues} {versus} {sued}"]
    return beside([f"{line}" for line in lines], [")"] * 3) if form < 0.75 else lines
