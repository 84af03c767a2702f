"""Registration statements: instructions, numbered questions, tick boxes, signatures, stamps; metadata sheets."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import PAGE_BREAK
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.blocks import across
from models_store.starter.factory.forms.registration.parties import Parties
from models_store.starter.factory.forms.stationery import Stationery
from models_store.starter.factory.forms.ticks import Ticks
from models_store.starter.factory.layout import Pair, wrapped
from models_store.starter.factory.wordings import CONCEPTS

_WHO = (
    "reg_registrant=100 reg_number=92 reg_address=60 reg_trade_name=25 reg_alias=20 reg_phone=35 reg_email=25 "
    "reg_contact=20"
)
_PERSON = "reg_filer=100 reg_residence=60 reg_birth_year=60 reg_nationality=70 reg_occupation=60"
_WHOM = "reg_principal=85 reg_principal_country=25 reg_compensation=30 reg_period_end=25"
_MATERIALS = "reg_material_title=80 reg_copies=70 reg_means=60"
_META = (
    "reg_number=100 reg_registrant=100 reg_alias=80 reg_period_end=70 reg_trade_name=75 reg_filer=60 "
    "reg_principal=80 reg_principal_country=70 reg_registered_date=80 reg_termination_date=75 reg_address=20"
)
_QUESTIONS = ("reg_political", "reg_contributions", "reg_government", "reg_labelled")
_CHOICES = ("reg_entity_type", "reg_connection", "reg_basis")
_BOXES = ("reg_change_notice", "reg_deficiency")


class Statement:
    """One registration on a desk. The sections below may be put together in many orders."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.draft, self.random = desk, desk.draft, desk.random
        self.paper = Stationery(desk)
        self.answers = Answers(desk, empty=0.22)
        self.ticks = Ticks(desk)
        self.parties = Parties(desk, self.paper)
        self.add = desk.draft.add

    def pairs(self, chances: str) -> list[Pair]:
        return self.answers.pairs(chances, lambda _, name: self.parties.text(name))

    def opening(self, *, prose: int) -> None:
        """Stamp, approval, office, title and instructions."""
        if self.desk.chance(0.55):
            self.add(*self.paper.stamp())
        self.add(*self.paper.approval(), *self.paper.head(self.title()), *self.paper.prose(prose))

    def title(self) -> str:
        values = self.desk.values
        base = values.word_of("reg_titles")
        if self.desk.chance(0.35):
            return self.desk.state("reg_document_type", base, "registration statement")
        kind, pattern = values.word_of("reg_title_patterns").split("=")
        return self.desk.state("reg_document_type", pattern.format(base), kind)

    def who(self) -> None:
        self.add(*self.answers.write(self.pairs(_WHO)))

    def person(self) -> None:
        self.add(*self.answers.write(self.pairs(_PERSON)))

    def whom(self) -> None:
        self.add(*self.answers.write(self.pairs(_WHOM)))
        if self.desk.chance(0.5):
            self.add(*self.explanation())

    def explanation(self) -> list[str]:
        """A question with a free answer that no field asks for."""
        count = self.random.randint(1, 2 + self.desk.size)
        question = self.answers.numbered(self.random.choice(_DESCRIBE))
        answer = " ".join(self.parties.word("reg_purposes") for _ in range(count))
        return [question, *wrapped(answer, self.random)]

    def questions(self) -> None:
        """Yes or no, one of many, and single boxes."""
        most = 1 + min(2, self.desk.size)
        for name in self.random.sample(_QUESTIONS, self.random.randint(0, most)):
            self.add(self.question(name), *self.asides())
        for name in self.random.sample(_CHOICES, self.random.randint(0, most)):
            joint = self.random.choice(("  ", "\n", ": ", "\n"))
            self.add(*f"{self.label(name)}{joint}{self.ticks.one_of(name)}".split("\n"))
        for name in self.random.sample(_BOXES, self.random.randint(0, 2)):
            self.add(self.ticks.alone(name, self.desk.label(CONCEPTS[name])))

    def question(self, name: str) -> str:
        joint = self.random.choice(("  ", " ", "\n", ": "))
        return f"{self.label(name)}{joint}{self.ticks.yes_or_no(name)}"

    def asides(self) -> list[str]:
        return ["If yes, describe separately and in detail." if self.desk.chance(0.5) else "If yes, give particulars:"]

    def label(self, name: str) -> str:
        return self.answers.numbered(self.desk.label(CONCEPTS[name]))

    def turn(self) -> None:
        """On to the next page, stamped again."""
        foot = [*self.paper.foot(), *(self.paper.stamp() if self.desk.chance(0.4) else [])]
        self.add(*foot, PAGE_BREAK, *(self.paper.stamp() if self.desk.chance(0.4) else []))

    def closing(self) -> None:
        self.add(*self.paper.sign(), *self.paper.prose(self.random.randint(0, self.desk.size)), *self.paper.foot())

    def long_prose(self) -> None:
        self.add(*self.paper.prose((0, 3, 9, 22)[self.desk.size]))

    def statement(self) -> None:
        self.opening(prose=(1, 3, 8, 20)[self.desk.size])
        self.who()
        self.whom()
        self.questions()
        if self.desk.size > 1:
            self.turn()
            self.long_prose()
        self.closing()

    def brief(self) -> None:
        self.opening(prose=self.random.randint(0, 1 + self.desk.size))
        self.add(*self.answers.write(self.pairs(_WHO) + self.pairs(_WHOM)))
        self.long_prose()
        self.closing()

    def short_form(self) -> None:
        self.opening(prose=(0, 2, 6, 16)[self.desk.size])
        self.person()
        self.who()
        self.questions()
        self.whom()
        if self.desk.size > 1:
            self.turn()
        self.closing()

    def dissemination(self) -> None:
        self.opening(prose=(0, 2, 5, 12)[self.desk.size])
        self.add(*self.answers.write(self.pairs(_WHO) + self.pairs("reg_principal=95")))
        self.add(*self.answers.write(self.pairs(_MATERIALS)))
        self.questions()
        self.long_prose()
        self.closing()

    def shuffled(self) -> None:
        """The sections in any order."""
        self.opening(prose=(0, 2, 5, 12)[self.desk.size])
        parts = [self.who, self.whom, self.questions, self.long_prose, self.person]
        for part in self.random.sample(parts, min(len(parts), 2 + self.desk.size)):
            part()
        self.closing()

    def beside(self) -> None:
        """Two blocks of answers side by side, an address below."""
        self.opening(prose=self.random.randint(0, 1 + self.desk.size))
        left, right = (self.answers.beside(self.pairs(part)) for part in (_WHO, _PERSON + " " + _WHOM))
        self.add(*across([left, right], self.random, 2))
        self.questions()
        self.long_prose()
        self.closing()

    def signed_first(self) -> None:
        """The signature on top, as on a cover sheet."""
        self.add(*self.paper.approval(), *self.paper.head(self.title()), *self.paper.sign())
        self.who()
        self.whom()
        self.questions()
        self.long_prose()
        self.add(*self.paper.stamp())

    def amendment(self) -> None:
        """Notice of a change: who, what boxes, what has changed."""
        self.opening(prose=(0, 1, 4, 10)[self.desk.size])
        self.add(*self.answers.write(self.pairs("reg_registrant=100 reg_number=95 reg_principal=30")))
        for name in _BOXES:
            self.add(self.ticks.alone(name, self.desk.label(CONCEPTS[name])))
        self.add(*self.explanation())
        self.long_prose()
        self.closing()

    def sentences(self) -> None:
        """Answers inside the sentences of an affidavit."""
        self.opening(prose=self.random.randint(0, self.desk.size))
        texts = {
            name: self.desk.state(name, self.parties.text(name))
            for name in ("reg_registrant", "reg_number", "reg_principal")
        }
        sentence = self.random.choice(_SENTENCES).format(
            a=texts["reg_registrant"], n=texts["reg_number"], p=texts["reg_principal"]
        )
        self.add(*wrapped(sentence, self.random))
        self.long_prose()
        self.closing()

    def metadata(self) -> None:
        """KEY=VALUE, as systems print what they keep."""
        joint = self.random.choice(("=", "=", "=", ": ", " = ", "\t", " | ", ";", ":"))
        upper, empty = self.desk.chance(0.7), self.random.choice(("N/A", "N/A", "n/a", "", "null", "NONE", "-"))
        self.answers.nothing = empty
        self.answers.empty = 0.35
        items = self.pairs(_META)
        stamp = (
            self.desk.label(CONCEPTS["form_stamp_date"]),
            self.desk.state("form_stamp_date", self.paper.day(self.paper.signed)),
        )
        self.paper.file_on(stamp[1])
        status = self.random.choice(CONCEPTS["reg_status"].options)
        items.append((self.desk.label(CONCEPTS["reg_status"]), self.desk.state("reg_status", status.title(), status)))
        if self.desk.chance(0.85):
            kind = self.random.choice(CONCEPTS["reg_document_type"].options)
            items.insert(
                3,
                (
                    self.desk.label(CONCEPTS["reg_document_type"]),
                    self.desk.state("reg_document_type", kind.title(), kind),
                ),
            )
        items.insert(self.random.choice((len(items), self.random.randint(0, len(items)))), stamp)
        self.add(self.desk.values.one("Document Metadata|Metadata|Index data|DOCUMENT RECORD|Filing index|"))
        self.add(*((label.upper() if upper else label) + joint + value for label, value in items))
        self.add(*self.paper.prose(self.random.randint(0, 1 + 2 * self.desk.size)))

    def metadata_then_form(self) -> None:
        self.metadata()
        self.add(PAGE_BREAK, *self.paper.head(self.desk.values.word_of("reg_titles")))
        self.questions()
        self.long_prose()
        self.add(*self.paper.foot())


def write_registration_form(desk: Desk) -> None:
    """One of the orders in which such forms are put together."""
    form = Statement(desk)
    desk.variant({
        "registration: statement": form.statement,
        "registration: brief form": form.brief,
        "registration: short form": form.short_form,
        "registration: dissemination": form.dissemination,
        "registration: any order of sections": form.shuffled,
        "registration: columns": form.beside,
        "registration: signature on top": form.signed_first,
        "registration: amendment form": form.amendment,
        "registration: affidavit": form.sentences,
        "registration: key and value sheet": form.metadata,
        "registration: metadata before the form": form.metadata_then_form,
    })  # fmt: skip


_DESCRIBE = (
    "Describe in detail the services to be rendered.", "Purpose of this amendment", "State the changes in full.",
    "List the documents that are attached.", "Explain each item checked above.", "Nature of activities",
    "Describe the nature and method of performance of the agreement.", "Remarks", "Bemerkungen", "Observations",
)  # fmt: skip
_SENTENCES = (
    "{a}, registered under number {n}, hereby gives notice that it acts on behalf of {p}.",
    "The registrant {a} (Registration No. {n}) has entered into an agreement with {p}, its principal.",
    "This statement is filed by {a} under registration {n} and concerns services to {p}.",
    "Whereas {p} has retained {a}, registration number {n}, to represent it in this country.",
    "On behalf of {p}, the undersigned firm of {a}, Reg. No. {n}, states as follows.",
    "I, the undersigned officer of {a}, whose registration number is {n}, state that the firm acts for {p}.",
)
