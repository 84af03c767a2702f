"""Tax returns and statements: numbered lines with amounts, boxes of payer and taxpayer."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import PAGE_BREAK
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.blocks import GAP
from models_store.starter.factory.forms.layouts import laid
from models_store.starter.factory.forms.people.texts import text_for
from models_store.starter.factory.forms.stationery import Stationery
from models_store.starter.factory.forms.ticks import Ticks
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

_PERSON = "tax_payer=100 tax_payer_id=90 who_spouse=30 who_address=45 who_occupation=25 who_birth_date=20"
_PAYER = "tax_payor=100 tax_payor_id=80"
_AMOUNTS = (
    "tax_wages", "tax_interest", "tax_income", "tax_deduction", "tax_taxable", "tax_due", "tax_withheld", "tax_refund",
    "tax_owed",
)  # fmt: skip


class Return:
    """One return on a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.random, self.add = desk, desk.random, desk.draft.add
        self.paper, self.answers, self.ticks = Stationery(desk), Answers(desk, empty=0.2), Ticks(desk)

    def text(self, desk: Desk, name: str) -> str | None:
        if name == "tax_payer":
            return text_for(desk, "who_full_name")
        if name in ("tax_payer_id", "tax_payor_id"):
            digits = desk.values.digits
            return self.random.choice((f"{digits(3)}-{digits(2)}-{digits(4)}", f"{digits(2)}-{digits(7)}", digits(11)))
        return text_for(desk, name)

    def heading(self) -> None:
        desk = self.desk
        self.add(*self.paper.approval(), *self.paper.head(desk.phrase(WORDS["tax_titles"])))
        year = str(self.random.randint(1998, 2026))
        label = desk.label(CONCEPTS["tax_year"])
        self.add(f"{label}{self.answers.joint}{desk.state('tax_year', year)}")
        self.add(*self.paper.prose(self.random.randint(0, 1 + 3 * desk.size)))

    def parties(self) -> None:
        groups = [self.answers.pairs(_PERSON, self.text)]
        if self.desk.chance(0.5):
            groups.insert(self.random.randint(0, 1), self.answers.pairs(_PAYER, self.text))
        self.add(*laid(self.desk, self.answers, groups))

    def amounts(self) -> list[Pair]:
        """Lines that are asked for and lines that are not, in one column; some without an amount."""
        names = [name for name in _AMOUNTS if self.desk.chance(0.7)]
        items = [self.answers.pair(name, self.money()) for name in names]
        for label in self.random.sample(WORDS["tax_clutter"], self.random.randint(1, 2 + 2 * self.desk.size)):
            items.insert(self.random.randint(0, len(items)), (label, self.money() if self.desk.chance(0.5) else ""))
        return items

    def money(self) -> str:
        cents = self.desk.values.cents(1_000, 20_000_000)
        return f"{cents // 100:,}" if self.desk.chance(0.15) else self.desk.values.money(cents)

    def lines(self) -> None:
        """The number of the line before its label, and on some forms again before the amount."""
        again, dots = self.desk.chance(0.4), self.random.choice(("", " . . . .", " ....", ""))
        for number, (label, amount) in enumerate(self.amounts(), start=1):
            middle = f"{dots}{GAP}{number}{GAP}" if again else f"{dots}{GAP}"
            self.add(f"{number} {label}{middle}{amount}")

    def boxes(self) -> None:
        self.add(*self.answers.in_cells([(self.answers.numbered(label), text) for label, text in self.amounts()]))

    def questions(self) -> None:
        if self.desk.chance(0.6):
            self.add(self.desk.label(CONCEPTS["tax_status"]), *self.ticks.one_of("tax_status").split("\n"))
        if self.desk.chance(0.4):
            label = self.desk.label(CONCEPTS["tax_dependent_other"])
            self.add(*f"{label}  {self.ticks.yes_or_no('tax_dependent_other')}".split("\n"))
        if self.desk.chance(0.3):
            self.add(self.ticks.alone("tax_amended", self.desk.label(CONCEPTS["tax_amended"])))

    def return_form(self) -> None:
        self.heading()
        self.parties()
        self.questions()
        self.lines()
        if self.desk.size > 2:
            self.add(PAGE_BREAK, *self.paper.prose(22))
        self.closing()

    def statement(self) -> None:
        self.heading()
        self.parties()
        self.boxes()
        self.add(*self.paper.prose((0, 2, 8, 24)[self.desk.size]))

    def notice(self) -> None:
        """The amounts first, then whose they are."""
        self.heading()
        self.lines()
        self.parties()
        self.add(*self.paper.prose((0, 2, 8, 24)[self.desk.size]))

    def closing(self) -> None:
        self.add(*self.paper.sign(empty=0.25))
        if self.desk.chance(0.3):
            self.add(*self.answers.beside(self.answers.pairs("tax_preparer=100 who_iban=50", text_for)))


def write_tax_form(desk: Desk) -> None:
    form = Return(desk)
    desk.variant({
        "tax: return": form.return_form,
        "tax: statement in boxes": form.statement,
        "tax: notice": form.notice,
    })  # fmt: skip
