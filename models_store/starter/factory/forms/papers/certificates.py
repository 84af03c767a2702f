"""Certificates of birth, origin, insurance and training."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.layouts import laid
from models_store.starter.factory.forms.papers.texts import text_for
from models_store.starter.factory.forms.stationery import Stationery
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

_KINDS = {
    "birth": (
        "cert_child=100 cert_birth_date=100 cert_birth_place=90",
        "cert_father=85 cert_mother=90 who_nationality=20",
    ),
    "origin": (
        "cert_exporter=100 cert_consignee=95 cert_origin=95",
        "cert_transport=65 cert_goods=90 cert_invoice=60",
    ),
    "cover": (
        "cert_insured=100 cert_insurer=90 cert_policy=95",
        "cert_from=90 cert_to=90 cert_limit=75 rec_plate=20",
    ),
    "training": (
        "cert_participant=100 who_birth_date=40 cert_course=100",
        "cert_hours=55 cert_from=60 cert_to=60 cert_grade=50",
    ),
}
_TAIL = "cert_number=75 cert_office=65 cert_place=55 cert_issued=85 cert_registrar=60"
_SENTENCES = {"birth": "cert_sentences_birth", "training": "cert_sentences_training"}


def write_certificate(desk: Desk) -> None:
    """A title, what is certified, who certifies it and when."""
    kind = desk.random.choice(list(_KINDS))
    answers, paper = Answers(desk, empty=0.15), Stationery(desk)
    title = desk.phrase(WORDS[f"cert_titles_{kind}"])
    desk.draft.add(*(paper.head(title) if desk.chance(0.4) else [title]))
    if kind in _SENTENCES and desk.chance(0.35):
        desk.draft.add(*_certified(desk, _SENTENCES[kind]))
        groups = [answers.pairs(_TAIL, text_for)]
    else:
        groups = [answers.pairs(part, text_for) for part in (*_KINDS[kind], _TAIL)]
    if desk.chance(0.2):
        groups.reverse()
    desk.draft.add(*laid(desk, answers, groups))
    notes = desk.random.sample(WORDS["cert_notes"], desk.random.randint(0, 2 + desk.size))
    desk.draft.add(*(line for note in notes for line in wrapped(note, desk.random)))
    desk.draft.add(*paper.prose((0, 3, 8, 24)[desk.size]))


def _certified(desk: Desk, sentences: str) -> list[str]:
    """One sentence that holds the facts."""
    pattern = desk.phrase(WORDS[sentences])
    names = [name for name in CONCEPTS if f"{{{name}}}" in pattern]
    return wrapped(pattern.format(**{name: desk.state(name, text_for(desk, name)) for name in names}), desk.random)
