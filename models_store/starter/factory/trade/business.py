"""Papers between firms: invoices, credit notes, orders and delivery notes are built of the same blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from models_store.starter.factory.draft import PAGE_BREAK
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.trade.account import Account, rounded, settle, share_of
from models_store.starter.factory.trade.banking import bank_pairs, filled, terms
from models_store.starter.factory.trade.facts import arranged
from models_store.starter.factory.trade.letterhead import mail_line
from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.trade.parties import abreast, draw_party, fielded, one_line, party_lines
from models_store.starter.factory.trade.stock import Stock
from models_store.starter.factory.trade.tables import Table
from models_store.starter.factory.trade.totals import Totals, payable

_DUE = (7, 8, 10, 14, 14, 15, 20, 21, 30, 30, 30, 45, 60, 90)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of paper. `title`, `notes` name sentences; `layout`, `table`, `sums` name layouts; `number` and `dated`
    the concepts of its own number and date; `facts` are further concepts of the header with their chances in percent;
    `seller` and `buyer` the concepts of the two names."""

    title: str
    layout: str
    table: str
    sums: str
    number: str
    dated: str
    facts: str
    notes: str = "legal"
    seller: str = "seller"
    buyer: str = "buyer"
    sign: int = 1
    """-1 where amounts are printed as negative."""


class Business:
    """One paper of a kind. While `alone` is false a block is set beside another one."""

    def __init__(self, paper: Paper, kind: Kind) -> None:
        self.paper, self.kind, self.random = paper, kind, paper.random
        self.table = Table(paper, paper.kept(paper.layouts[kind.table]), headed=0.95)
        self.items = Stock(paper, retail=False).items()
        for item in self.items:
            item.quantity *= kind.sign
            if "discount" in self.table.template.columns and paper.chance(0.4):
                item.discount = self.random.choice((2, 3, 5, 10, 15, 20, 25))
        self.seller = draw_party(paper, "seller", kind.seller, person=0.04)
        self.buyer = draw_party(paper, "buyer", kind.buyer, person=0.2)
        self.days = self.random.choice(_DUE)
        self.number = paper.say("paper_code")
        self.order = paper.layout(kind.sums) if kind.sums else []
        self.title = paper.sentence(kind.title)
        self.alone = True
        self.blocks = paper.layout(kind.layout)

    def write(self) -> None:
        """All blocks in the order of a layout."""
        short = self.paper.desk.size == 0 and self.paper.chance(0.7)
        for token in self.blocks:
            blocks = [block for block in token.split("+") if not (short and block in _LEFT_OUT)]
            if not blocks:
                continue
            self.alone = len(blocks) == 1
            sides = [self.block(block) for block in blocks]
            self.paper.add(*(sides[0] if self.alone else abreast(sides[0], sides[1], self.random)))
        self.table.close()

    def block(self, name: str) -> list[str]:
        made: dict[str, Callable[[], list[str]]] = {
            "sender": self._sender, "seller": self._labelled_seller, "title": self._title, "buyer": self._buyer,
            "ship": self._ship, "facts": self._facts, "table": self._table, "sums": self._sums, "taxes": self._taxes,
            "terms": self._terms, "bank": self._bank, "foot": self._foot, "note": self._note, "stub": self._stub,
            "sign": self._sign, "intro": lambda: [self.paper.sentence("intro")],
            "line": lambda: [one_line(self.paper, self.seller)],
        }  # fmt: skip
        return made[name]()

    @cached_property
    def account(self) -> Account:
        """What the layout of the sums prints decides what there is to pay."""
        paper, lines = self.paper, sum(item.amount for item in self.items)
        extras = {"freight": share_of(paper, lines, (2, 3, 5, 8))} if "freight" in self.order else {}
        off = share_of(paper, lines, (2, 3, 5, 10)) if "discount" in self.order else 0
        untaxed = not {"tax", "rates"} & set(self.order)
        account = settle(self.items, inclusive=untaxed or "incl" in self.order, discount=off, extras=extras)
        if "rounding" in self.order:
            account.rounding = rounded(account, 100 if paper.chance(0.3) or not paper.purse.digits else 5)
        if "prepaid" in self.order:
            account.prepaid = share_of(paper, account.total, (10, 20, 25, 30, 40, 50))
        return account

    def _sender(self) -> list[str]:
        """The seller's letterhead."""
        paper = self.paper
        lines = party_lines(paper, self.seller, alone=self.alone)
        pairs = self._registrations() if paper.chance(0.45) else []
        if paper.chance(0.55):
            pairs.insert(0, paper.pair("seller_phone", paper.say("phones")))
        joint = paper.pick((": ", ": ", " ", GAP, " : "))
        lines += [label + joint + value for label, value in pairs]
        if paper.chance(0.35):
            lines.append(mail_line(paper))
        if paper.chance(0.1):
            lines.insert(1, paper.sentence("slogan"))
        return lines

    def _registrations(self) -> list[Pair]:
        """Under which numbers the seller is known; a number of the tax office never stands without the other one."""
        paper = self.paper
        pairs = [paper.pair("vat_id", self._vat)]
        if paper.chance(0.35):
            pairs = (
                [*pairs, paper.pair("tax_number", self._tax_number)]
                if paper.chance(0.5)
                else [paper.pair("tax_number", self._tax_number), *pairs]
            )
        elif paper.chance(0.4):
            pairs.append(paper.pair("company_registration", self._registration))
        return pairs

    @cached_property
    def _vat(self) -> str:
        return self.paper.say("vat")

    @cached_property
    def _tax_number(self) -> str:
        return self.paper.say("tax_number")

    @cached_property
    def _registration(self) -> str:
        return self.paper.say("registration")

    def _labelled_seller(self) -> list[str]:
        """The seller under a heading, as in renderings of electronic invoices."""
        paper = self.paper
        joint = paper.pick((": ", ": ", GAP, ":  "))
        write = fielded if paper.chance(0.4) else party_lines
        numbers = [label + joint + value for label, value in self._registrations()]
        lines = write(paper, self.seller, alone=self.alone)
        return [paper.label(self.kind.seller) + paper.pick((":", "", "")), *lines, *numbers]

    def _title(self) -> list[str]:
        """The word for the paper, its number and date beside it now and then."""
        paper = self.paper
        title = paper.state("trade_document_type", self.title)
        form = self.random.random()
        if form < 0.6:
            return [title]
        number = paper.state(self.kind.number, self.number)
        if form < 0.8:
            return [title + paper.pick((" ", GAP, ": ", " Nr. ", " No. ", " # ", " N° ")) + number]
        date = paper.state(self.kind.dated, paper.diary.text())
        first = paper.pick((" ", " Nr. ", " No. ", " # "))
        second = paper.pick((" / ", ", ", " - ", GAP, " vom ", " of ", " du "))
        return [title + first + number + second + date]

    def _buyer(self) -> list[str]:
        """The customer, with or without a heading, a person to see it and a number."""
        paper = self.paper
        if "seller" in self.blocks and paper.chance(0.4):
            return [paper.label(self.kind.buyer) + paper.pick((":", "")), *fielded(paper, self.buyer, alone=self.alone)]
        name, *address = party_lines(paper, self.buyer, alone=self.alone)
        contact = []
        if paper.chance(0.2):
            contact = [f"{paper.label('buyer_contact')} {paper.state('buyer_contact', paper.desk.values.person())}"]
        lines = [name, *contact, *address]
        if paper.chance(0.6):
            label = paper.label(self.kind.buyer)
            lines = (
                [f"{label}{paper.pick((': ', GAP, ':  '))}{name}", *lines[1:]]
                if paper.chance(0.35)
                else [f"{label}{paper.pick((':', '', ''))}", *lines]
            )
        if paper.chance(0.12):
            lines.append("{}: {}".format(*paper.pair("buyer_vat_id", paper.say("vat"))))
        if paper.chance(0.06):
            lines.append("{}: {}".format(*paper.pair("buyer_phone", paper.say("phones"))))
        return lines

    def _ship(self) -> list[str]:
        """Where the goods go: often to the buyer himself."""
        paper = self.paper
        party = draw_party(paper, "ship_to", "ship_to", person=0.2)
        return [paper.label("ship_to") + paper.pick((":", "", "")), *party_lines(paper, party, alone=self.alone)]

    def _facts(self) -> list[str]:
        """Numbers and dates of the header."""
        paper = self.paper
        wanted = [entry.split("=") for entry in self.kind.facts.split()]
        names = [name for name, percent in wanted if paper.chance(int(percent) / 100)]
        for own in (self.kind.dated, self.kind.number):
            if paper.chance(0.3 if own in paper.draft.facts else 0.96):
                names.insert(0, own)
        if paper.chance(0.5):
            self.random.shuffle(names)
        pairs = [paper.pair(name, self._value(name)) for name in names]
        if paper.chance(0.08):
            pairs.insert(self.random.randint(0, len(pairs)), (paper.label("supply_contract"), ""))
        if paper.chance(0.12) and self.alone:
            start, end = paper.diary.text(-30 - paper.diary.today.day), paper.diary.text(-paper.diary.today.day)
            joint = paper.pick((" - ", " – ", " bis ", " to ", " / "))
            pairs.append(
                (
                    paper.label("trade_period_start"),
                    paper.state("trade_period_start", start) + joint + paper.state("trade_period_end", end),
                )
            )
        return arranged(paper, pairs, alone=self.alone)

    def _value(self, name: str) -> str:
        """The text of a concept of the header."""
        paper, days = self.paper, _DAYS.get(name)
        if name == self.kind.number:
            return self.number
        if name == self.kind.dated:
            return paper.diary.text()
        if name == "due_date":
            return paper.diary.text(self.days)
        if days is not None:
            return paper.diary.text(self.random.randint(*days))
        if name == "vat_id":
            return self._vat
        if name == "currency":
            return paper.purse.sign
        if name == "credit_reason":
            return paper.sentence("credit_reason")
        if name in _PEOPLE:
            return paper.desk.values.person()
        return paper.say(_SAID[name])

    def _table(self) -> list[str]:
        """The items: on one page, or on several with sums carried over; with groups now and then."""
        paper, heading = self.paper, self.table.heading()
        paged = paper.desk.size == 3 and paper.chance(0.7) and self.kind.sums != ""
        per_page, per_group = self.random.randint(12, 30), self.random.randint(2, 6)
        grouped = len(self.items) > 3 and paper.chance(0.12)
        lines, carried = list(heading), 0
        for number, item in enumerate(self.items, start=1):
            if paged and number > 1 and number % per_page == 1:
                lines += [*self._turn(carried, number // per_page + 1), *heading]
            if grouped and number % per_group == 1:
                lines.append(paper.say("group"))
            lines += self.table.item(item, number)
            carried += item.amount
        return lines

    def _turn(self, carried: int, page: int) -> list[str]:
        """The end of a page and the head of the next one."""
        paper = self.paper
        shown = paper.money(carried)
        lines = [paper.sentence("carry") + GAP + shown] if paper.chance(0.6) else []
        lines.append(PAGE_BREAK)
        if paper.chance(0.5):
            lines.append(f"{paper.label(self.kind.number)}: {paper.state(self.kind.number, self.number)}")
        if paper.chance(0.5):
            lines.append(paper.sentence("page").format(n=page, of=page + 1))
        return [*lines, paper.sentence("brought") + GAP + shown] if paper.chance(0.4) else lines

    def _sums(self) -> list[str]:
        order = [name for name in self.order if name != "incl"]
        return Totals(self.paper, self.account).lines(order)

    def _taxes(self) -> list[str]:
        taxed = {"tax", "rates"} & set(self.order)
        return Totals(self.paper, self.account).tax_table() if taxed else []

    def _terms(self) -> list[str]:
        """When to pay, in a sentence with or without the day."""
        paper = self.paper
        if paper.chance(0.3):
            few = max(self.days // 3, 1)
            return [paper.sentence("terms").format(days=self.days, few=few, off=paper.pick(("2", "3")))]
        return [terms(paper, self.days, lambda: payable(paper, self.account))]

    def _bank(self) -> list[str]:
        return arranged(self.paper, bank_pairs(self.paper, self.seller.name), alone=self.alone)

    def _note(self) -> list[str]:
        notes = [self.paper.sentence(self.kind.notes) for _ in range(self.random.choice((1, 1, 2)))]
        return [filled(note, lambda: payable(self.paper, self.account)) for note in dict.fromkeys(notes)]

    def _stub(self) -> list[str]:
        """A slip to be sent back with the payment: the main facts once more."""
        paper = self.paper
        pairs = [
            paper.pair(self.kind.number, self.number),
            (paper.label("due_payable"), payable(paper, self.account)),
        ]
        return ["- - - - - - - - - - - -", *(f"{label}: {value}" for label, value in pairs)]

    def _sign(self) -> list[str]:
        """Where to sign: labels without values."""
        return [
            "  ".join(
                (
                    self.paper.label("trade_received_by") + ": ____________",
                    self.paper.label("purchase_date") + ": ________",
                )
            )
        ]

    def _foot(self) -> list[str]:
        """The small print: the seller's facts in two or three columns, or in lines."""
        paper = self.paper
        firm = [paper.state(self.kind.seller, self.seller.name), paper.pick(self.seller.address.lines)]
        ask = (
            [f"{label} {value}" for label, value in [paper.pair("seller_phone", paper.say("phones"))]]
            if "seller_phone" not in paper.draft.facts
            else []
        )
        numbers = [f"{label}: {value}" for label, value in self._registrations()]
        if paper.chance(0.4):
            numbers.append(paper.sentence("manager").format(name=paper.desk.values.person()))
        bank = (
            [f"{label}: {value}" for label, value in bank_pairs(paper, self.seller.name)]
            if not _BANK & paper.draft.facts.keys()
            else []
        )
        columns = [column for column in (firm, [*ask, mail_line(paper)], numbers, bank) if column]
        if paper.chance(0.35):
            return [paper.pick((" - ", GAP, " | ", " · ", ", ")).join(column) for column in columns]
        height = max(map(len, columns))
        return [GAP.join(column[row] for column in columns if row < len(column)) for row in range(height)]


_BANK = {"iban", "bic", "bank_name", "bank_account_number"}
_LEFT_OUT = {"ship", "note", "intro", "foot", "stub", "taxes"}
"""Blocks that short papers go without."""
_DAYS = {
    "delivery_date": (-20, 0), "trade_order_date": (-60, -21), "original_invoice_date": (-90, -10),
    "requested_date": (5, 60),
}  # fmt: skip
_PEOPLE = ("trade_contact", "buyer_contact", "trade_approved_by", "received_by", "trade_received_by")
_SAID = {
    "customer_number": "customer_code", "order_number": "order_code", "delivery_note_number": "paper_code",
    "supply_contract": "paper_code", "payment_terms": "terms", "payment_method": "wire",
    "payment_reference": "paper_code", "trade_project": "project", "supplier_number": "customer_code", "gln": "gln",
    "buyer_gln": "gln", "buyer_vat_id": "vat", "carrier": "carrier", "delivery_terms": "incoterm",
    "tracking_number": "tracking", "parcels": "n20", "gross_weight": "weight", "original_invoice_number": "paper_code",
}  # fmt: skip
