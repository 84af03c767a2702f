"""Business and official letters: letterhead, recipient, references, subject, body, signature."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import beside, notes, pairs
from models_store.starter.factory.legal.paper import flow, page_width
from models_store.starter.factory.legal.papers.stationery import Page
from models_store.starter.factory.wordings import CONCEPTS

_REFERENCES = "letter_our_ref=55 letter_your_ref=40 letter_customer_no=30"
_TOPICS = ("payment", "appointment", "decision", "complaint", "termination", "offer")
_NOTICES = ("payment", "payment", "termination", "offer", "decision")


def write_letter(desk: Desk) -> None:
    """A letter on any topic."""
    _write(desk, desk.random.choice(_TOPICS))


def write_notice(desk: Desk) -> None:
    """A reminder, a termination, an offer or a decision."""
    _write(desk, desk.random.choice(_NOTICES))


def _write(desk: Desk, topic: str) -> None:
    page = Page(desk)
    lines = _head(page)
    book = page.book["letter"]
    subject = desk.state("letter_subject", page.scene.say(book["topics"][topic]["subjects"]))
    marks = {"s": subject.upper() if desk.chance(0.15) else subject}
    line = desk.random.choice(book["subject_labels"].side(held_out=desk.held_out))
    top = [line.write(marks.__getitem__, desk.random), page.scene.say(book["salutations"])]
    if desk.chance(0.15):
        top.reverse()
    lines += top if desk.chance(0.9) else top[1:]
    width = page_width(desk)
    for paragraph in _body(page, topic):
        lines += flow(paragraph, width)
    lines += _foot(page)
    desk.draft.add(*lines)
    page.scene.miss(
        desk.random.sample(("letter_deadline", "letter_amount", "letter_your_ref", "letter_customer_no"), 2)
    )


def _head(page: Page) -> list[str]:
    """Sender and recipient, references and date."""
    desk, scene = page.desk, page.scene
    sender = page.block("letter_sender", "letter_sender_city")
    recipient = [desk.state("letter_recipient"), *desk.values.address_lines()]
    references = desk.some(_REFERENCES)
    dated = desk.chance(0.92)
    date = [(desk.label(CONCEPTS["letter_date"]), scene.bare("letter_date"))] if dated else []
    place = scene.city()
    form = desk.random.random()
    if form < 0.3:
        date_line = [f"{place}, {value}" for _, value in date]
        return [*sender, *recipient, *pairs(references, desk.random), *date_line]
    if form < 0.55:
        return [*sender, *beside(recipient, pairs([*references, *date], desk.random))]
    if form < 0.75:
        return [*beside(sender, pairs([*references, *date], desk.random)), *recipient]
    if form < 0.9:
        return [*sender, *(value for _, value in date), *recipient, *pairs(references, desk.random)]
    return [*sender, *recipient, *pairs([*date, *references], desk.random)]


def _body(page: Page, topic: str) -> list[str]:
    """Paragraphs: the matter in two or three sentences, others before, between and behind."""
    desk, scene = page.desk, page.scene
    letter = page.book["letter"]
    parts = letter["topics"][topic]
    told = [scene.say(parts["a"])]
    if desk.chance(0.8):
        told.append(scene.say(parts["b"]))
    told += scene.some(parts["c"], desk.random.randint(0, min(2, 1 + desk.size)))
    if desk.chance(0.2):
        desk.random.shuffle(told)
    before = scene.some(letter["mentions"], desk.random.randint(0, 1 + (desk.size > 1)))
    after = scene.some(letter["endings"], desk.random.randint(0, 1 + desk.size))
    if desk.size > 1:
        after = [*page.padding(), *after]
    sentences = [*before, *told, *after]
    cuts = [sentences] if desk.chance(0.3) else [before, told[:1], told[1:], after]
    return [" ".join(part) for part in cuts if part]


def _foot(page: Page) -> list[str]:
    """Closing, signature, enclosures, small print."""
    desk, scene, letter = page.desk, page.scene, page.book["letter"]
    lines = [scene.say(letter["closings"])]
    if desk.chance(0.25):
        lines.append(scene.said["letter_sender"])
    if desk.chance(0.85):
        name = scene.fill("letter_signatory")
        office = scene.fill("letter_signatory_title") if desk.chance(0.65) else ""
        joint = desk.values.one("\n|\n|\n|, |  ")
        lines += (name + joint + office if office else name).split("\n")
    lines += scene.some(letter["enclosures"], desk.random.randint(0, 1))
    lines += scene.some(letter["footers"], desk.random.randint(0, 2))
    return lines + notes(int(desk.chance(0.1)), desk.random)
