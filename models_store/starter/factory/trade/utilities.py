"""Bills of utilities: power, gas, water, telephone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.trade.account import Account, settle
from models_store.starter.factory.trade.addresses import draw_address
from models_store.starter.factory.trade.banking import bank_pairs, terms
from models_store.starter.factory.trade.facts import arranged
from models_store.starter.factory.trade.letterhead import mail_line
from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.trade.parties import abreast, draw_party, one_line, party_lines
from models_store.starter.factory.trade.stock import Item
from models_store.starter.factory.trade.totals import Totals, payable
from models_store.starter.factory.wordings import LISTS

_ROWS = ((1, 2), (2, 7), (8, 25), (40, 120))
_CHANCES = (
    ("bill_number", 0.8, "paper_code"),
    ("utility_account", 0.85, "account"),
    ("meter_number", 0.6, "customer_code"),
    ("supply_point", 0.3, "gln"),
    ("tariff", 0.35, "group"),
    ("supply_contract", 0.12, "paper_code"),
    ("payment_method", 0.15, "wire"),
)


def write_utility_bill(desk: Desk) -> None:
    """One bill, its blocks in the order of a layout."""
    bill = _Bill(Paper(desk))
    for token in bill.paper.layout("utility_bill"):
        blocks = token.split("+")
        bill.alone = len(blocks) == 1
        sides = [bill.block(block) for block in blocks]
        desk.draft.add(*(sides[0] if bill.alone else abreast(sides[0], sides[1], desk.random)))


class _Bill:
    """A customer's use of a period and what it costs."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.random = paper, paper.random
        self.alone = True
        self.seller = draw_party(paper, "seller", "seller")
        self.buyer = draw_party(paper, "buyer", "buyer", person=0.7)
        self.days = self.random.choice((10, 14, 15, 20, 21, 28, 30))
        self.meter = paper.say("customer_code")
        self.old = self.random.randint(100, 90_000)
        self.used = self.random.randint(3, 4000)
        self.unit = paper.pick(("kWh", "kWh", "kWh", "m³", "m3", "therms", "GB", "units"))
        self.previous = 0
        self.charges = [self._charge() for _ in range(self.random.randint(*_ROWS[paper.desk.size]))]

    def block(self, name: str) -> list[str]:
        made: dict[str, Callable[[], list[str]]] = {
            "title": lambda: [self.paper.state("trade_document_type", self.paper.sentence("utility_title"))],
            "sender": self._sender, "buyer": self._buyer, "facts": self._facts, "readings": self._readings,
            "charges": self._charges, "sums": self._sums, "terms": self._terms, "supply": self._supply,
            "line": lambda: [one_line(self.paper, self.seller)], "note": self._note,
            "bank": lambda: arranged(self.paper, bank_pairs(self.paper, self.seller.name), alone=self.alone),
        }  # fmt: skip
        return made[name]()

    def _charge(self) -> Item:
        paper = self.paper
        quantity = self.used * 1000 if paper.chance(0.5) else 1000 * self.random.choice((1, 1, 28, 30, 31, 90))
        price = paper.purse.price(0.02, 0.9 if quantity > 2000 else 40)
        rate = paper.market.rates[0]
        return Item(paper.sentence("utility_charge"), "", quantity, self.unit, price, rate)

    @cached_property
    def account(self) -> Account:
        return settle(self.charges, inclusive=not self.taxed)

    @cached_property
    def taxed(self) -> bool:
        return self.paper.chance(0.75)

    def _sender(self) -> list[str]:
        paper = self.paper
        lines = party_lines(paper, self.seller, alone=self.alone)
        if paper.chance(0.6):
            lines.append("{}: {}".format(*paper.pair("seller_phone", paper.say("phones"))))
        if paper.chance(0.4):
            lines.append("{}: {}".format(*paper.pair("vat_id", paper.say("vat"))))
        return [*lines, mail_line(paper)] if paper.chance(0.4) else lines

    def _buyer(self) -> list[str]:
        paper = self.paper
        name, *address = party_lines(paper, self.buyer, alone=self.alone)
        return [f"{paper.label('buyer')}: {name}", *address] if paper.chance(0.25) else [name, *address]

    def _supply(self) -> list[str]:
        """Where the meter is, in one line."""
        paper = self.paper
        text = ", ".join(line.rstrip(",") for line in draw_address(paper).lines)
        return ["{}: {}".format(*paper.pair("supply_address", text))]

    def _facts(self) -> list[str]:
        paper = self.paper
        pairs = [self._fact(name, rule) for name, share, rule in _CHANCES if paper.chance(share)]
        if paper.chance(0.9):
            pairs.append(paper.pair("issue_date", paper.diary.text()))
        if paper.chance(0.7):
            pairs.append(paper.pair("due_date", paper.diary.text(self.days)))
        if paper.chance(0.55):
            start = paper.state("trade_period_start", paper.diary.text(-35))
            joint = paper.pick((" - ", " to ", " – ", " / "))
            pairs.append(
                (
                    paper.label("trade_period_start"),
                    start + joint + paper.state("trade_period_end", paper.diary.text(-5)),
                )
            )
        if paper.chance(0.2):
            pairs.append(paper.pair("next_reading_date", paper.diary.text(self.random.randint(25, 60))))
        if paper.chance(0.5):
            self.random.shuffle(pairs)
        return arranged(paper, pairs, alone=self.alone)

    def _fact(self, name: str, rule: str) -> Pair:
        return self.paper.pair(name, self.meter if name == "meter_number" else self.paper.say(rule))

    def _readings(self) -> list[str]:
        """Old and new reading and their difference, as a table or as labelled numbers."""
        paper, count = self.paper, self.paper.purse.count
        numbers = {
            "previous": count(self.old * 1000),
            "current": count((self.old + self.used) * 1000),
            "usage": count(self.used * 1000),
        }
        singles = {"previous": "previous_reading", "current": "current_reading", "usage": "consumption"}
        if paper.chance(0.5):
            return [
                f"{paper.label(singles[name])}: {paper.state(singles[name], text)}" for name, text in numbers.items()
            ]
        columns = paper.columns("meter_readings")
        names = ["meter", *numbers] if paper.chance(0.6) else list(numbers)
        texts = {"meter": paper.state("meter_number", self.meter)} | {
            n: paper.state(singles[n], t) for n, t in numbers.items()
        }
        row: Row = {name: paper.draft.mark(texts[name]) for name in names}
        paper.desk.rows(LISTS["meter_readings"], [row])
        return [GAP.join(paper.heading(columns[name]) for name in names), GAP.join(row[name] for name in names)]

    def _charges(self) -> list[str]:
        paper, columns = self.paper, self.paper.columns("charges")
        names = paper.layout("charges")
        lines = [GAP.join(paper.cased(paper.heading(columns[name])) for name in names)] if paper.chance(0.75) else []
        rows: list[Row] = []
        for item in self.charges:
            texts = {
                "description": item.description,
                "quantity": paper.purse.count(item.quantity),
                "rate": paper.purse.text(item.price, paper.purse.digits and paper.purse.digits + 2),
                "amount": paper.purse.text(item.amount),
            }
            row = {name: paper.draft.mark(texts[name]) for name in names}
            rows.append(row)
            cells = [row[name] + (f" {self.unit}" if name == "quantity" else "") for name in names]
            lines.append(GAP.join(cells))
        paper.desk.rows(LISTS["charges"], rows)
        return lines

    def _sums(self) -> list[str]:
        """What this bill comes to; with the old balance and the last payment on some."""
        paper = self.paper
        order = (
            paper.kept(("net tax total", "lines tax total", "net tax total due", "net rates total"))
            if self.taxed
            else "total"
        )
        lines = Totals(paper, self.account).lines(order.split())
        if paper.chance(0.3):
            before = paper.purse.price(5, 300)
            joint = paper.pick((GAP, ": "))
            lines[:0] = [
                paper.label("opening_balance") + joint + paper.sum_of(("opening_balance",), before),
                paper.label("last_payment") + joint + paper.sum_of(("last_payment",), -before),
            ]
        return lines

    def _terms(self) -> list[str]:
        return [terms(self.paper, self.days, lambda: payable(self.paper, self.account))]

    def _note(self) -> list[str]:
        return [
            self.paper.sentence("utility_note")
            .replace("{n99}", self.paper.say("n99"))
            .replace("{n30}", self.paper.say("n30"))
        ]
