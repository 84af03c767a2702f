"""E-mails and memos: a head, a few sentences, and earlier mails below with dates and names of their own."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.legal.paper import flow, page_width
from models_store.starter.factory.legal.papers.stationery import Page


def write_memo_mail(desk: Desk) -> None:
    page = Page(desk, "mail")
    scene, book, random = page.scene, page.book["mail"], desk.random
    width = page_width(desk)
    scene.said["mail_project"] = desk.state("mail_project", desk.values.words(1, 2).title())
    lines = [title] if (title := scene.say(book["titles"])) else []
    lines += _head(page)
    sentences = scene.some(book["body"], random.randint(2, 4 + 2 * desk.size))
    if desk.size > 1:
        sentences += page.padding()
    if desk.chance(0.6):
        sentences.insert(0, scene.say(page.book["letter"]["salutations"]))
    for text in [" ".join(sentences)] if desk.chance(0.3) else sentences:
        lines += flow(text, width)
    if desk.chance(0.6):
        lines += [scene.say(page.book["letter"]["closings"]), scene.said["mail_from"]]
    for _ in range(random.randint(0, 1 + desk.size)):
        lines += _earlier(page, width)
    desk.draft.add(*lines)
    scene.miss(random.sample(("mail_deadline", "mail_budget", "mail_cc", "mail_meeting_date", "letter_order_no"), 2))


def _head(page: Page) -> list[str]:
    """From, to, date and subject in one of the usual orders."""
    desk, scene, book = page.desk, page.scene, page.book["mail"]
    values = {"froms": _person(page, "mail_from"), "tos": _person(page, "mail_to"), "dates": scene.bare("mail_sent")}
    values["subjects"] = desk.state("mail_subject", scene.say(book["subject_lines"]))
    names = list(values)
    if desk.chance(0.4):
        desk.random.shuffle(names)
    joint = desk.values.one(": |: |:  |  |:\t|\n")
    lines = [scene.say(book[name]).rstrip(":") + joint + values[name] for name in names]
    if desk.chance(0.25):
        lines.insert(2, f"Cc{joint}{_person(page, 'mail_cc')}")
    return [part for line in lines for part in line.split("\n")]


def _person(page: Page, name: str) -> str:
    """A person, with an address of mail behind the name in some places."""
    shown = page.scene.fill(name)
    return f"{shown} <{page.desk.values.email()}>" if page.desk.chance(0.25) else shown


def _earlier(page: Page, width: int) -> list[str]:
    """An earlier mail, quoted: nothing in it is asked for."""
    desk, scene, book = page.desk, page.scene, page.book["mail"]
    lines = [scene.say(book["quotes"])]
    if "Original" in lines[0] or "Forw" in lines[0] or "forw" in lines[0]:
        fresh = scene.fill
        lines += [f"From: {fresh('_person')}", f"Sent: {fresh('_date')}", f"To: {fresh('_person')}"]
    quote = "> " if desk.chance(0.5) else ""
    texts = scene.some(book["quoted"], desk.random.randint(1, 2))
    return [*lines, *(quote + line for text in texts for line in flow(text, width))]
