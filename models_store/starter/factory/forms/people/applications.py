"""Applications and questionnaires: boxes for personal data, questions with tick boxes, lists of ticks."""

from __future__ import annotations

from collections.abc import Sequence

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import PAGE_BREAK, bare
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.blocks import across
from models_store.starter.factory.forms.people.texts import text_for
from models_store.starter.factory.forms.stationery import Stationery
from models_store.starter.factory.forms.ticks import Ticks
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_SPLIT_NAME = "who_last_name=100 who_first_name=100 who_maiden_name=30"
_BORN = "who_birth_date=75 who_birth_place=50 who_nationality=50"
_SPLIT_HOME = "who_street=100 who_postcode=95 who_city=95 who_country=40"
_REACH = "who_phone=65 who_mobile=35 who_email=65"
_WORK = "who_occupation=65 who_employer=60 who_income=40"
_PAPERS = "who_id_number=50 who_id_expiry=30 who_tax_number=30 who_social_number=30"
_FAMILY = "who_spouse=40 who_children=45 who_emergency=40"
_MONEY = "who_bank=50 who_iban=70 app_amount=50 app_term=45 app_fee=25"
_WISH = "app_start=55 app_end=30 app_purpose=50 app_position=35 app_institution=30 app_guarantor=35"
_OFFICE = "form_case_number=60 app_officer=50 app_decision_date=50"
_CHOICES = (
    "who_gender", "who_marital", "who_education", "who_employment", "who_housing", "app_contact_way", "app_kind",
    "app_payment_way",
)  # fmt: skip
_OPINIONS = (
    "ask_satisfaction", "ask_quality", "ask_staff", "ask_frequency", "ask_age_group", "ask_source", "ask_agreement",
    "ask_pain", "ask_exercise", "ask_transport",
)  # fmt: skip
_QUESTIONS = tuple(
    name for name, concept in CONCEPTS.items() if name.startswith("ask_") and concept.kind.value == "boolean"
)
_TICKED = {"app_enclosures": "form_enclosures", "app_languages": "form_languages", "ask_interests": "form_interests"}


class Application:
    """One application or questionnaire on a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.random, self.add = desk, desk.random, desk.draft.add
        self.paper, self.answers, self.ticks = Stationery(desk), Answers(desk), Ticks(desk)
        self.split = desk.chance(0.55)

    def pairs(self, chances: str) -> list[Pair]:
        return self.answers.pairs(chances, text_for)

    def person(self) -> list[Pair]:
        name = self.pairs(_SPLIT_NAME if self.split else "who_full_name=100")
        return name + self.pairs(_BORN)

    def home(self) -> list[Pair]:
        return self.pairs(_SPLIT_HOME if self.split else "who_address=90") + self.pairs(_REACH)

    def section(self, items: Sequence[Pair]) -> None:
        """A heading now and then, and its answers."""
        if self.desk.chance(0.5):
            self.add(self.desk.phrase(WORDS["app_headings"]))
        self.add(*self.answers.write(items))

    def opening(self, titles: str) -> None:
        title = self.desk.phrase(WORDS[titles])
        head = self.paper.head(title) if self.desk.chance(0.6) else [title]
        self.add(*self.paper.approval(), *head, *self.paper.prose(self.random.randint(0, 1 + self.desk.size)))
        if self.desk.chance(0.3):
            self.add(*self.answers.write(self.pairs(_OFFICE)))

    def choices(self, names: Sequence[str], most: int) -> None:
        """One of many."""
        joint = self.random.choice(("  ", ": ", "\n", "  "))
        for name in self.random.sample(names, min(len(names), self.random.randint(1, most))):
            label = self.answers.numbered(self.desk.label(CONCEPTS[name]))
            self.add(*f"{label}{joint}{self.ticks.one_of(name)}".split("\n"))

    def questions(self, most: int) -> None:
        """Yes or no: a line each, or single boxes."""
        joint, alone = self.random.choice(("  ", " ", ": ", "\n")), self.desk.chance(0.2)
        for name in self.random.sample(_QUESTIONS, self.random.randint(1, most)):
            label = self.desk.label(CONCEPTS[name])
            if alone:
                self.add(self.ticks.alone(name, label))
            else:
                self.add(*f"{self.answers.numbered(label)}{joint}{self.ticks.yes_or_no(name)}".split("\n"))

    def several(self, name: str) -> None:
        """Boxes of which any number is ticked."""
        shown = self.random.sample(WORDS[_TICKED[name]], self.random.randint(3, 7))
        ticked = [word for word in shown if self.desk.chance(0.4)]
        marked = dict(zip(ticked, self.desk.many(LISTS[name], ticked), strict=True))
        self.add(self.answers.numbered(self.desk.label(LISTS[name])))
        boxes = [self.ticks.box(marked.get(word, word), ticked=word in marked) for word in shown]
        self.add(*boxes if self.desk.chance(0.4) else ("  ".join(boxes),))

    def middle(self) -> None:
        """Parts after the personal data, in any order."""
        size = self.desk.size
        parts = (_WORK, _PAPERS, _FAMILY, _MONEY, _WISH, "choices", "questions", "several", "prose")
        for part in self.random.sample(parts, min(len(parts), 2 + 2 * size)):
            match part:
                case "choices":
                    self.choices(_CHOICES, 1 + size)
                case "questions":
                    self.questions(2 + 2 * size)
                case "several":
                    self.several(self.random.choice(("app_enclosures", "app_languages")))
                case "prose":
                    self.add(*self.paper.prose(1 + 2 * size))
                case _:
                    self.section(self.pairs(part))

    def closing(self) -> None:
        if self.desk.chance(0.8):
            applicant = self.desk.draft.facts.get("who_full_name")
            name = bare(next(applicant.statements())) if applicant and self.desk.chance(0.6) else ""
            self.add(*self.paper.sign(name=name, empty=0.25))
        if self.desk.chance(0.2):
            self.add(*self.answers.beside(self.pairs(_OFFICE)))
        self.add(*self.paper.foot())

    def sections(self) -> None:
        self.opening("app_titles")
        self.section(self.person())
        self.section(self.home())
        self.middle()
        if self.desk.size > 2:
            self.add(PAGE_BREAK)
            self.middle()
            self.add(*self.paper.prose(12))
        self.closing()

    def card(self) -> None:
        """Short: data, a few ticks, a signature."""
        self.opening("app_titles")
        self.add(*self.answers.write([*self.person(), *self.home()]))
        self.choices(_CHOICES, 2)
        self.add(*self.paper.prose(3 * self.desk.size))
        self.closing()

    def two_columns(self) -> None:
        self.opening("app_titles")
        left, right = self.answers.beside(self.person()), self.answers.beside(self.home())
        self.add(*across([left, right], self.random, 1))
        self.middle()
        self.closing()

    def questions_first(self) -> None:
        self.opening("app_titles")
        self.choices(_CHOICES, 2 + self.desk.size)
        self.questions(2 + 3 * self.desk.size)
        self.section([*self.person(), *self.home()])
        self.middle()
        self.closing()

    def signature_first(self) -> None:
        self.opening("app_titles")
        self.add(*self.paper.sign(empty=0.3))
        self.middle()
        self.section(self.person())
        self.section(self.home())

    def survey(self) -> None:
        self.opening("form_survey_titles")
        if self.desk.chance(0.5):
            self.add(*self.answers.write(self.person()[:3]))
        for _ in range(1 + self.desk.size):
            self.choices(_OPINIONS, 2 + self.desk.size)
            self.questions(2 + self.desk.size)
        if self.desk.chance(0.5):
            self.several("ask_interests")
        self.add(*self.paper.prose(self.random.randint(0, 1 + 3 * self.desk.size)))

    def anonymous_survey(self) -> None:
        self.opening("form_survey_titles")
        self.several("ask_interests")
        self.choices(_OPINIONS, 3 + 2 * self.desk.size)
        self.add(*self.paper.prose(1 + 2 * self.desk.size))
        self.choices(_CHOICES, 2)
        self.questions(3 + 3 * self.desk.size)


def write_application_form(desk: Desk) -> None:
    form = Application(desk)
    desk.variant({
        "application: sections": form.sections,
        "application: long form": form.sections,
        "application: card": form.card,
        "application: two columns": form.two_columns,
        "application: questions first": form.questions_first,
        "application: signature on top": form.signature_first,
    })  # fmt: skip


def write_questionnaire(desk: Desk) -> None:
    form = Application(desk)
    desk.variant({
        "questionnaire: survey": form.survey,
        "questionnaire: without a name": form.anonymous_survey,
        "questionnaire: ticks, then data": form.questions_first,
    })  # fmt: skip
