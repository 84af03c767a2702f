"""Till receipts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.trade.account import Account, rounded, settle, share_of
from models_store.starter.factory.trade.addresses import drawn_block
from models_store.starter.factory.trade.letterhead import Head, cash_words, mail_line
from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.trade.stock import Stock
from models_store.starter.factory.trade.tables import Table
from models_store.starter.factory.trade.totals import Totals

_CASH = cash_words()
_EXTRAS = {"service": (5, 10, 10, 12), "tip": (5, 10, 15), "deposit": (1, 2, 4), "freight": (3, 8)}


def write_receipt(desk: Desk) -> None:
    """One receipt, its blocks in the order of a layout."""
    receipt = _Receipt(Paper(desk))
    for block in receipt.paper.layout("receipt"):
        desk.draft.add(*receipt.lines(block))
    receipt.table.close()


class _Receipt:
    """One sale. `taxed` where tax is printed."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.random = paper, paper.random
        stock = Stock(paper, retail=True)
        self.items = stock.items()
        self.order = paper.layout("receipt_sums")
        self.table = Table(paper, paper.kept(paper.layouts["receipt_table"]), headed=0.65)
        self.taxed = "tax" in self.order or paper.chance(0.3)

    @cached_property
    def account(self) -> Account:
        """What the layout of the sums prints decides what there is to pay."""
        paper, lines = self.paper, sum(item.amount for item in self.items)
        extras = {name: share_of(paper, lines, _EXTRAS[name]) for name in self.order if name in _EXTRAS}
        off = share_of(paper, lines, (5, 10, 15, 20)) if "discount" in self.order else 0
        account = settle(self.items, inclusive="excl" not in self.order, discount=off, extras=extras)
        if "rounding" in self.order:
            account.rounding = rounded(account, self.random.choice((5, 5, 10, 50)) if paper.purse.digits else 100)
        return account

    def lines(self, block: str) -> list[str]:
        made: dict[str, Callable[[], list[str]]] = {
            "head": self._head, "title": self._title, "facts": self._facts, "buyer": self._buyer, "table": self._table,
            "sums": self._sums, "pay": self._pay, "slip": self._slip, "taxes": self._taxes, "foot": self._foot,
            "note": self._note, "stray": self._stray,
        }  # fmt: skip
        return made[block]()

    def _head(self) -> list[str]:
        return Head(self.paper).lines(self.paper.layout("receipt_head"))

    def _title(self) -> list[str]:
        title = self.paper.state("trade_document_type", self.paper.sentence("receipt_title"))
        return [title]

    def _stray(self) -> list[str]:
        """What stands above a scanned receipt: a number written on it, a rule, a word."""
        return [self.paper.say(self.paper.pick(("stray", "stray", "sku")))]

    def _note(self) -> list[str]:
        return [self.paper.sentence("note")]

    def _facts(self) -> list[str]:
        """Number, date, time, till and cashier in one of many arrangements."""
        paper = self.paper
        when = self._when() if paper.chance(0.96) else []
        others = [
            pair for name, share, rule in _FACTS if paper.chance(share) for pair in [paper.pair(name, paper.say(rule))]
        ]
        self.random.shuffle(others)
        cut = self.random.randint(0, len(others))
        arranged = [*self._set(others[:cut]), *when, *self._set(others[cut:])]
        if len(arranged) > 1 and paper.chance(0.25):
            at = self.random.randrange(len(arranged) - 1)
            arranged[at : at + 2] = [GAP.join(arranged[at : at + 2])]
        return [part for line in arranged for part in line.split("\n")]

    def _set(self, pairs: list[Pair]) -> list[str]:
        """One or two pairs a line; an empty label now and then."""
        lines = [label + self.paper.joint + value for label, value in pairs]
        if self.paper.chance(0.06):
            lines.append(self.paper.label(self.paper.pick(("member_number", "card_number"))) + self.paper.joint.strip())
        if "\n" not in self.paper.joint and self.paper.chance(0.4):
            return [GAP.join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
        return lines

    def _when(self) -> list[str]:
        """The date with or without its time."""
        paper = self.paper
        day = paper.state("purchase_date", paper.diary.text())
        form = self.random.random()
        if form < 0.2:
            return [paper.label("purchase_date") + paper.joint + day]
        clock = paper.state("sale_time", paper.say("clock"))
        dated = paper.label("purchase_date") + paper.joint + day
        if form < 0.4:
            timed = paper.label("sale_time") + paper.joint + clock
            return [dated, timed] if form < 0.27 else [dated + GAP + timed]
        if form < 0.62:
            return [f"{dated} {paper.pick(('', '', '', '- ', '# ', '@ '))}{clock}"]
        codes = f"{GAP}{paper.say('sku')} {paper.say('sku')}" if paper.chance(0.25) else ""
        return [
            paper.pick(
                (
                    f"{day} {clock}",
                    f"{day} {clock}",
                    f"{day}{GAP}{clock}",
                    f"{clock} {day}",
                    f"{clock}{GAP}{day}",
                    f"{day}, {clock}",
                )
            )
            + codes
        ]

    def _buyer(self) -> list[str]:
        """A customer on the receipt: his name, and his address or nothing."""
        paper = self.paper
        name = paper.state("buyer", paper.desk.values.party())
        lines = (paper.label("buyer") + paper.pick((": ", " :\n", "\n", GAP, ". ")) + name).split("\n")
        if paper.chance(0.5):
            lines += drawn_block(paper, "buyer")
        return lines

    def _table(self) -> list[str]:
        rule = [self.paper.pick(("-" * 24, "=" * 30, "- " * 12, "_" * 20))] if self.paper.chance(0.3) else []
        return [*rule, *self.table.heading(), *rule, *self.table.body(self.items), *rule]

    def _sums(self) -> list[str]:
        totals = Totals(self.paper, self.account, taxed=self.taxed)
        order = [name for name in self.order if name not in ("excl", "count", "quantity")]
        lines = totals.lines(order)
        for name in ("count", "quantity"):
            if name in self.order:
                lines.insert(0 if self.order.index(name) < 2 else len(lines), self._count(name, totals.joint))
        return lines

    def _count(self, name: str, joint: str) -> str:
        paper = self.paper
        if name == "count":
            return paper.label("item_count") + joint + paper.state("item_count", str(len(self.items)))
        count = paper.purse.count(sum(item.quantity for item in self.items))
        return paper.label("total_quantity") + joint + paper.state("total_quantity", count)

    def _pay(self) -> list[str]:
        """How it was paid: in cash with change, by card, or as a labelled word."""
        paper, total = self.paper, self.account.total
        form = self.random.random()
        if form < 0.12:
            return (
                paper.label("payment_method")
                + paper.joint
                + paper.state("payment_method", paper.say(paper.pick(("cash", "card", "noncash"))))
            ).split("\n")
        joint = paper.pick((GAP, GAP, ": ", " : ", " "))
        if form < 0.4:
            word = paper.state("payment_method", paper.say("noncash"))
            lines = [word + joint + paper.sum_of(("cash",), total)]
        else:
            given = total + self._over(total)
            lines = [self._cash_label() + joint + paper.sum_of(("cash",), given)]
            if paper.chance(0.92):
                lines.append(paper.label("change") + joint + paper.sum_of(("change",), given - total))
        if paper.chance(0.08):
            lines.insert(
                0, GAP.join((paper.label("payment_method"), paper.heading(paper.columns("line_items")["amount"])))
            )
        return [GAP.join(lines)] if paper.chance(0.06) else lines

    def _over(self, total: int) -> int:
        """What is given too much: up to the next note."""
        note = 10**self.paper.purse.digits * self.paper.market.scale * self.random.choice((1, 5, 10, 50, 100))
        return -total % note if self.paper.chance(0.75) else 0

    def _cash_label(self) -> str:
        """The label of the money given; where it is a word for cash, it says how was paid."""
        paper = self.paper
        if paper.chance(0.6):
            return paper.state("payment_method", paper.cased(paper.say("cash")))
        label = paper.label("cash")
        first, blank, rest = label.partition(" ")
        return paper.state("payment_method", first) + blank + rest if first.casefold() in _CASH else label

    def _slip(self) -> list[str]:
        """What a card machine adds."""
        paper = self.paper
        known = "payment_method" in paper.draft.facts
        if known and "change" in paper.draft.facts:
            return []
        lines = [] if known else [paper.state("payment_method", paper.say("card"))]
        if paper.chance(0.8):
            lines.append(paper.label("card_number") + ": " + paper.state("card_number", paper.say("mask")))
        if paper.chance(0.6):
            lines.append(
                paper.label("approval_code")
                + paper.pick((": ", " ", GAP))
                + paper.state("approval_code", paper.say("sku"))
            )
        if paper.chance(0.4):
            lines.append(paper.sum_of(("total", "due_payable", "cash"), self.account.total))
        return lines

    def _taxes(self) -> list[str]:
        return Totals(self.paper, self.account).tax_table() if self.taxed else []

    def _foot(self) -> list[str]:
        paper = self.paper
        lines = [self._foot_line(block) for block in paper.layout("receipt_foot")]
        return [line.upper() for line in lines] if paper.upper else lines

    def _foot_line(self, block: str) -> str:
        paper = self.paper
        match block:
            case "mail":
                return mail_line(paper)
            case "barcode" | "code" | "stars" | "bankline":
                return paper.say(block)
            case "points":
                return paper.say("points")
            case "office":
                return f"{paper.sentence('office')} {paper.say('coined')}"
            case "vatline":
                return (
                    f"{paper.label('vat_id')} {paper.state('vat_id', paper.say('vat'))}"
                    if "vat_id" not in paper.draft.facts
                    else paper.sentence("thanks")
                )
            case _:
                return paper.sentence(block)


_FACTS = (
    ("receipt_number", 0.78, "receipt_code"),
    ("cashier", 0.45, "short_person"),
    ("trade_terminal", 0.22, "till"),
    ("trade_table", 0.12, "table_code"),
    ("guests", 0.08, "n12"),
    ("member_number", 0.06, "receipt_code"),
    ("order_number", 0.06, "receipt_code"),
)
