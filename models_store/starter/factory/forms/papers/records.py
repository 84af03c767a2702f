"""Extracts of land, vehicle and company registers; cards of archives and of people."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.layouts import laid
from models_store.starter.factory.forms.papers.texts import text_for
from models_store.starter.factory.forms.stationery import Stationery
from models_store.starter.factory.forms.ticks import Ticks
from models_store.starter.factory.layout import Pair, wrapped
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_KINDS = {
    "land": (
        "rec_district=90 rec_folio=85 rec_parcel=90 rec_area=80",
        "rec_owner=100 rec_owner_address=50 rec_charge=65",
        "rec_entered=60 rec_printed=55 form_case_number=30",
    ),
    "vehicle": (
        "rec_plate=100 rec_vin=90 rec_make=95 rec_model=90",
        "rec_color=55 rec_fuel=60 rec_first_reg=85 rec_next_check=50",
        "rec_owner=95 rec_owner_address=65 rec_printed=25 cert_office=30",
    ),
    "company": (
        "rec_company=100 rec_company_number=95 rec_court=70 rec_seat=85",
        "rec_capital=70 rec_director=85 who_birth_date=20",
        "rec_entered=75 rec_printed=60",
    ),
}
_ITEM = (
    "card_signature=95 card_title=100 card_creator=75 card_dated=75",
    "card_material=55 card_size=60 card_provenance=60 card_accession=45 card_acquired=50",
    "card_place=70 card_cataloguer=50 card_recorded=45",
)
_MEMBER = (
    "card_member=100 card_member_number=75 card_born=85 who_birth_place=40",
    "card_job=75 who_nationality=30 who_address=60 who_spouse=35 who_children=25",
    "card_joined=75 card_left=50 card_recorded=30 form_case_number=15",
)


def write_id_record(desk: Desk) -> None:
    """An extract of a register."""
    kind = desk.random.choice(list(_KINDS))
    answers, paper = Answers(desk, empty=0.2), Stationery(desk)
    desk.draft.add(*paper.head(desk.phrase(WORDS[f"rec_titles_{kind}"])))
    groups = [answers.pairs(part, text_for) for part in _KINDS[kind]]
    if kind == "company" and desk.chance(0.6):
        groups[1].append(_legal_form(desk))
    if desk.chance(0.25):
        desk.random.shuffle(groups)
    desk.draft.add(*laid(desk, answers, groups), *_notes(desk, "cert_notes"))
    desk.draft.add(*paper.prose((0, 3, 9, 26)[desk.size]))


def _legal_form(desk: Desk) -> Pair:
    option, word = desk.values.word_of("rec_legal_words").split("=")
    return desk.label(CONCEPTS["rec_legal_form"]), desk.state("rec_legal_form", word, option)


def write_record_card(desk: Desk) -> None:
    """A card of a thing or of a person: terse labels, some ticks, keywords."""
    answers, is_item = Answers(desk, empty=0.22), desk.chance(0.55)
    title = desk.values.word_of("card_titles" if is_item else "member_titles")
    desk.draft.add(*([title] if title else []))
    groups = [answers.pairs(part, text_for) for part in (_ITEM if is_item else _MEMBER)]
    desk.draft.add(*laid(desk, answers, groups))
    if is_item:
        _item_ticks(desk, answers)
    if desk.size:
        desk.draft.add(*Stationery(desk).prose((0, 4, 11, 28)[desk.size]))
    desk.draft.add(*_notes(desk, "form_feet"))


def _item_ticks(desk: Desk, answers: Answers) -> None:
    """Condition, loan and keywords of a thing."""
    ticks = Ticks(desk)
    if desk.chance(0.5):
        desk.draft.add(f"{desk.label(CONCEPTS['card_condition'])}: {ticks.one_of('card_condition')}".replace("\n", " "))
    if desk.chance(0.3):
        desk.draft.add(ticks.alone("card_lent", desk.label(CONCEPTS["card_lent"])))
    if desk.chance(0.45):
        concept = LISTS["card_keywords"]
        words = list(dict.fromkeys(desk.values.words(1, 2) for _ in range(desk.random.randint(1, 5))))
        joint = desk.values.one(", |; | / | - ")
        desk.draft.add(f"{desk.label(concept)}{answers.joint}{joint.join(desk.many(concept, words))}")


def _notes(desk: Desk, words: str) -> list[str]:
    chosen = desk.random.sample(WORDS[words], desk.random.randint(0, 1 + desk.size))
    return [line for note in chosen for line in wrapped(note.replace("{n}", str(desk.size)), desk.random)]
