"""Payslips: employer beside employee, earnings of the period and of the year, deductions, net."""

from __future__ import annotations

from datetime import date, timedelta

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.blocks import GAP, across
from models_store.starter.factory.forms.layouts import laid
from models_store.starter.factory.forms.moments import STYLES, printed, some_day
from models_store.starter.factory.forms.people.texts import filled, text_for
from models_store.starter.factory.layout import Pair, totals, wrapped
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import LISTS

_PERSON = (
    "pay_employee=100 pay_employee_number=75 who_address=25 pay_department=50 pay_position=45 pay_tax_class=45 "
    "who_social_number=50 pay_hired=40 pay_leave=25 who_birth_date=25"
)
_EARNINGS = LISTS["pay_earnings"]


class Payslip:
    """One month's pay on a desk. Amounts are in cents."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.random, self.add = desk, desk.random, desk.draft.add
        self.answers = Answers(desk, empty=0.18)
        self.style = self.random.choice(STYLES)
        self.month = some_day(self.random, 2005).replace(day=1)
        self.earned = [
            self.random.randint(100_000, 700_000),
            *(self.random.randint(500, 90_000) for _ in range(desk.size + 1)),
        ]
        self.gross = sum(self.earned)
        self.tax, self.social = (self.gross * self.random.randint(5, 30) // 100 for _ in range(2))

    def text(self, desk: Desk, name: str) -> str | None:
        """A text for a concept of the person's data."""
        match name:
            case "pay_employee":
                return text_for(desk, "who_full_name")
            case "pay_department":
                return desk.values.word_of("pay_departments")
            case "pay_position":
                return self.random.choice(desk.values.pools.job)
            case "pay_tax_class":
                return desk.values.word_of("pay_tax_classes")
            case "pay_leave":
                return f"{self.random.randint(0, 30)}{desk.values.one('||.5|,5')}"
        return text_for(desk, name)

    def day(self, day: date) -> str:
        return printed(day, self.style)

    def write(self) -> None:
        desk = self.desk
        employer = [desk.state("pay_employer"), *desk.values.address_lines()]
        head = [desk.phrase(WORDS["pay_titles"]), *self.answers.beside(self.period())]
        self.add(*(across([employer, head], self.random, 1) if desk.chance(0.5) else [*employer, *head]))
        self.add(*laid(desk, self.answers, [self.answers.pairs(_PERSON, self.text)]))
        self.earnings()
        self.add(*totals(self.sums(), self.random))
        if desk.chance(0.5):
            self.add(*self.answers.beside(self.answers.pairs("who_iban=100 who_bank=50", text_for)))
        notes = self.random.sample(WORDS["pay_notes"], self.random.randint(0, 2 + desk.size))
        self.add(*(line for note in notes for line in wrapped(note, self.random)))
        self.employer_part()

    def period(self) -> list[Pair]:
        """Period and day of payment."""
        desk, last = self.desk, self.month + timedelta(days=self.random.choice((13, 27, 29)))
        paid = ("pay_date", self.day(last + timedelta(days=self.random.randint(0, 5))))
        if desk.chance(0.5):
            first, final = (
                desk.state(f"pay_period_{part}", self.day(day)) for part, day in (("start", self.month), ("end", last))
            )
            return [desk.pair("pay_period", f"{first} - {final}"), self.answers.pair(*paid)]
        month = f"{self.month:{self.random.choice(('%B %Y', '%m/%Y', '%b %Y'))}}"
        return [desk.pair("pay_period", month), self.answers.pair(*paid)]

    def earnings(self) -> None:
        """Lines with this period's amount, and the year's beside it on some slips."""
        desk, with_year = self.desk, self.desk.chance(0.5)
        columns = [c for c in _EARNINGS.columns if c.name in ("description", "amount") or desk.chance(0.5)]
        self.add(GAP.join([*(desk.label(c) for c in columns), *(["YTD"] if with_year else [])]))
        rows: list[Row] = []
        for cents, kind in zip(self.earned, self.random.sample(WORDS["pay_components"], len(self.earned)), strict=True):
            hours = self.random.randint(2, 180)
            cells = {"description": kind, "hours": f"{hours}.00", "rate": desk.values.money(cents // hours)}
            cells["amount"] = desk.values.money(cents)
            row = {c.name: desk.draft.mark(cells[c.name]) for c in columns}
            rows.append(row)
            year = [desk.values.money(cents * self.month.month)] if with_year else []
            self.add(GAP.join([*row.values(), *year]))
        desk.rows(_EARNINGS, rows)

    def sums(self) -> list[Pair]:
        """Gross, deductions and net, of the period and on some slips of the year."""
        money, year = self.desk.values.money, self.month.month
        taken = self.tax + self.social
        amounts = {
            "pay_gross": self.gross, "pay_tax": self.tax, "pay_social": self.social, "pay_deductions": taken,
            "pay_net": self.gross - taken,
        }  # fmt: skip
        shown = [self.desk.pair(name, money(cents)) for name, cents in amounts.items() if self.desk.chance(0.85)]
        if self.desk.chance(0.35):
            shown.append(self.desk.pair("pay_gross_year", money(self.gross * year)))
            shown.append(self.desk.pair("pay_net_year", money((self.gross - taken) * year)))
        return shown

    def employer_part(self) -> None:
        """What the employer adds; no field asks for it."""
        for _ in range((0, 4, 14, 40)[self.desk.size]):
            cents = self.desk.values.money(self.random.randint(500, 50_000))
            self.add(f"{self.desk.values.words(1, 2).title()} {filled(self.desk, 'pay_departments')}{GAP}{cents}")


def write_payslip(desk: Desk) -> None:
    Payslip(desk).write()
