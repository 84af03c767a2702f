"""Statements of accounts: at a bank, or of a customer at a supplier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import PAGE_BREAK, Row
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.trade.facts import arranged
from models_store.starter.factory.trade.letterhead import mail_line
from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.trade.parties import abreast, draw_party, party_lines
from models_store.starter.factory.wordings import LISTS

_ROWS = ((1, 4), (5, 14), (15, 34), (50, 150))


@dataclass(frozen=True, slots=True)
class Movement:
    """One booking: `amount` is negative where money goes out; `balance` is what is there afterwards."""

    days: int
    text: str
    reference: str
    amount: int
    balance: int


def write_account_statement(desk: Desk) -> None:
    """One statement, its blocks in the order of a layout."""
    statement = _Statement(Paper(desk))
    for token in statement.paper.layout("account_statement"):
        blocks = token.split("+")
        statement.alone = len(blocks) == 1
        sides = [statement.block(block) for block in blocks]
        desk.draft.add(*(sides[0] if statement.alone else abreast(sides[0], sides[1], desk.random)))


class _Statement:
    """The movements of a period and what they come to."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.random = paper, paper.random
        self.columns = paper.layout("transactions")
        self.bank = self.random.random() < 0.6
        self.alone = True
        low, high = _ROWS[paper.desk.size]
        count = self.random.randint(low, high)
        self.opening = paper.purse.price(10, 9000) * self.random.choice((1, 1, 1, 1, -1, 0))
        self.movements: list[Movement] = []
        balance = self.opening
        for day in sorted(self.random.randint(-30, -1) for _ in range(count)):
            amount = paper.purse.price(3, 2500) * self.random.choice((-1, -1, 1))
            balance += amount
            self.movements.append(Movement(day, paper.say("purpose"), paper.say("sku"), amount, balance))
        self.closing = balance

    def block(self, name: str) -> list[str]:
        made: dict[str, Callable[[], list[str]]] = {
            "title": lambda: [self.paper.state("trade_document_type", self.paper.sentence("statement_title"))],
            "sender": self._sender, "owner": self._owner, "facts": self._facts, "table": self._table,
            "summary": self._summary, "note": lambda: [self.paper.sentence("statement_note")], "aging": self._aging,
        }  # fmt: skip
        return made[name]()

    def _sender(self) -> list[str]:
        paper = self.paper
        party = draw_party(paper, "seller", "seller")
        lines = party_lines(paper, party, alone=self.alone)
        if paper.chance(0.5):
            lines.append("{} {}".format(*paper.pair("seller_phone", paper.say("phones"))))
        return [*lines, mail_line(paper)] if paper.chance(0.3) else lines

    def _owner(self) -> list[str]:
        paper = self.paper
        party = draw_party(paper, "buyer", "account_owner", person=0.5)
        name, *address = party_lines(paper, party, alone=self.alone)
        lines = [name, *address]
        return (
            [paper.label("account_owner") + paper.pick((": ", GAP, ":\n", "\n")) + name, *address]
            if paper.chance(0.5)
            else lines
        )

    def _facts(self) -> list[str]:
        paper = self.paper
        number = paper.desk.values.iban() if self.bank and paper.chance(0.35) else paper.say("account")
        pairs = [paper.pair("statement_account", number)] if paper.chance(0.93) else []
        if paper.chance(0.8):
            pairs.append(paper.pair("statement_date", paper.diary.text()))
        if paper.chance(0.4):
            pairs.append(paper.pair("statement_number", paper.say(self.random.choice(("n99", "paper_code")))))
        if paper.chance(0.6):
            pairs.append(self._period())
        if paper.chance(0.15):
            pairs.append(paper.pair("currency", paper.purse.sign))
        if paper.chance(0.25):
            pairs.append(paper.pair("trade_branch", paper.say("branch")))
        self.random.shuffle(pairs)
        return arranged(paper, pairs, alone=self.alone)

    def _period(self) -> Pair:
        paper = self.paper
        start = paper.state("trade_period_start", paper.diary.text(-31))
        end = paper.state("trade_period_end", paper.diary.text(-1))
        return paper.label("trade_period_start"), start + paper.pick((" - ", " to ", " – ", GAP)) + end

    def _table(self) -> list[str]:
        """Bookings, perhaps with the old and the new balance as first and last rows."""
        paper, columns = self.paper, self.paper.columns("transactions")
        heading = GAP.join(paper.cased(paper.heading(columns[name])) for name in self.columns)
        framed = "balance" in self.columns and paper.chance(0.5)
        lines = [heading] if paper.chance(0.92) else []
        if framed:
            lines.append(f"{paper.label('opening_balance')}{GAP}{self._balance('opening_balance', self.opening)}")
        rows: list[Row] = []
        per_page = self.random.randint(18, 40)
        for number, movement in enumerate(self.movements, start=1):
            if number % per_page == 0:
                lines += [PAGE_BREAK, heading]
            texts = self._texts(movement)
            rows.append({name: paper.draft.mark(texts[name]) for name in self.columns if texts[name]})
            lines.append(GAP.join(rows[-1][name] for name in self.columns if name in rows[-1]))
            if paper.chance(0.1):
                lines.append(paper.say("detail"))
        if framed:
            lines.append(f"{paper.label('closing_balance')}{GAP}{self._balance('closing_balance', self.closing)}")
        paper.desk.rows(LISTS["transactions"], rows)
        return lines

    def _texts(self, movement: Movement) -> dict[str, str]:
        text, amount = self.paper.purse.text, movement.amount
        return {
            "date": self.paper.diary.text(movement.days),
            "value_date": self.paper.diary.text(movement.days + 1),
            "description": movement.text,
            "reference": movement.reference,
            "debit": text(-amount) if amount < 0 else "",
            "credit": text(amount) if amount > 0 else "",
            "amount": text(amount),
            "balance": text(movement.balance),
        }

    def _balance(self, name: str, amount: int) -> str:
        return self.paper.sum_of((name,), amount)

    def _summary(self) -> list[str]:
        """Old balance, what came and went, new balance: all or some of them."""
        paper = self.paper
        out = -sum(m.amount for m in self.movements if m.amount < 0)
        sums = {
            "opening_balance": self.opening,
            "total_credits": sum(m.amount for m in self.movements if m.amount > 0),
            "total_debits": out,
            "closing_balance": self.closing,
        }
        kept = [name for name in sums if name == "closing_balance" or paper.chance(0.7)]
        joint = paper.pick((GAP, GAP, ": ", " : ", " "))
        return [paper.label(name) + joint + paper.sum_of((name,), sums[name]) for name in kept]

    def _aging(self) -> list[str]:
        """How old the open sums are: clutter of amounts."""
        paper = self.paper
        parts = [paper.sentence("aging") for _ in range(3)]
        return [GAP.join(parts), GAP.join(paper.purse.text(paper.purse.price(1, 900)) for _ in parts)]
