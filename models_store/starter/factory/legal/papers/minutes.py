"""Minutes of meetings: who met where and when, who was there, what was resolved."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import pairs
from models_store.starter.factory.legal.paper import flow, page_width
from models_store.starter.factory.legal.papers.stationery import Page
from models_store.starter.factory.wordings import CONCEPTS, LISTS, Concept

_HEAD = ("meeting_body", "meeting_date", "meeting_place", "meeting_start", "meeting_chair", "meeting_secretary")


def write_minutes(desk: Desk) -> None:
    page = Page(desk, "minutes")
    scene, book, random = page.scene, page.book["minutes"], desk.random
    width = page_width(desk)
    draft = desk.draft
    draft.add(scene.say(book["titles"]))
    if desk.chance(0.3):
        names = random.sample(_HEAD, random.randint(3, 6))
        draft.add(*pairs([(desk.label(CONCEPTS[name]), scene.bare(name)) for name in names], random))
    else:
        draft.add(*flow(scene.say(book["opening"]), width))
    _people(page, LISTS["meeting_attendees"], scene.say(book["labels"]), random.randint(2, 4 + 3 * desk.size))
    if desk.chance(0.35):
        _people(page, LISTS["meeting_absentees"], scene.say(book["absent"]), random.randint(1, 3))
    sentences = [scene.say(book["chair"])] if desk.chance(0.7) else []
    sentences += scene.some(book["items"], random.randint(1, 2 + 2 * desk.size))
    sentences += _resolutions(page, random.randint(0, 2 + desk.size))
    if desk.size > 1:
        sentences += page.padding()
    if desk.chance(0.5):
        random.shuffle(sentences)
    sentences += [scene.say(book["closing"])] if desk.chance(0.8) else []
    numbered = desk.chance(0.5)
    for index, text in enumerate(sentences, start=1):
        draft.add(*flow(f"{index}. {text}" if numbered else text, width))
    if desk.chance(0.4):
        draft.add(scene.say(book["signed"]))
    scene.miss(random.sample(("meeting_next", "meeting_end", "meeting_secretary", "meeting_start", "meeting_place"), 2))


def _people(page: Page, concept: Concept, label: str, count: int) -> None:
    """Names after a label, or under it."""
    desk = page.desk
    names = desk.many(concept, [desk.values.person() for _ in range(count)])
    if desk.chance(0.5):
        desk.draft.add(f"{label}: " + desk.values.one(", |; ").join(names))
    else:
        bullet = desk.values.one("|- |• |* ")
        desk.draft.add(label, *(bullet + name for name in names))


def _resolutions(page: Page, count: int) -> list[str]:
    """Sentences with what was resolved, each a value of one list."""
    desk, scene, book = page.desk, page.scene, page.book["minutes"]
    made = []
    texts = desk.many(LISTS["meeting_resolutions"], scene.some(book["decisions"], count))
    for text in texts:
        scene.said["meeting_decision"] = text
        made.append(scene.say(book["resolutions"]) + desk.values.one("|."))
    return made
