"""The heads of receipts: whose shop it is, where it is, and under which numbers it is registered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models_store.starter.factory.trade.addresses import broken, draw_address, drawn_block
from models_store.starter.factory.trade.grammar import read_table
from models_store.starter.factory.trade.paper import GAP, Paper

_LONG = 22


class Head:
    """One shop's head; each block gives its lines. `upper` heads are in capitals."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.upper = paper.chance(0.5)
        self.name = company_name(paper)
        self.registration = paper.say("registration")
        self.joint = paper.pick((": ", ": ", ": ", " : ", " : ", " ", ":", " :", GAP, ". : "))

    def lines(self, blocks: Sequence[str]) -> list[str]:
        made: dict[str, Callable[[], list[str]]] = {
            "name": self._name, "brand": self._brand, "registration": self._registration, "owner": self._owner,
            "address": self._address, "office": self._office, "phone": self._phone, "vat": self._vat,
            "branch": self._branch, "mail": self._mail, "date": self._date,
            "slogan": lambda: [self.paper.sentence("slogan")], "hours": lambda: [self.paper.sentence("hours")],
        }  # fmt: skip
        lines = [line for block in blocks for line in made[block]()]
        return [line.upper() for line in lines] if self.upper else lines

    def _name(self) -> list[str]:
        """The legal name, on two lines now and then; its number behind it or not."""
        paper = self.paper
        lines = broken(self.name, 16) if len(self.name) > _LONG and paper.chance(0.2) else [self.name]
        lines = paper.state("seller", "\n".join(lines)).split("\n")
        if paper.chance(0.25):
            number = paper.state("company_registration", self.registration)
            lines[-1] += paper.pick((f" ({number})", f"({number})", f" {number}", f" - {number}"))
        return lines

    def _brand(self) -> list[str]:
        text = self.paper.state(
            "trade_brand", self.paper.say("stem") + self.paper.pick(("", "", " " + self.paper.say("trade")))
        )
        return [text]

    def _registration(self) -> list[str]:
        number = self.paper.state("company_registration", self.registration)
        form = self.paper.random.random()
        if form < 0.45:
            return [f"({number})" if form < 0.3 else number]
        line = f"{self.paper.label('company_registration')}{self.joint}{number}"
        return [f"({line})" if self.paper.chance(0.35) else line]

    def _owner(self) -> list[str]:
        """Another company to which the shop belongs; it is not the one asked for."""
        words = self.paper.sentence("owner")
        return (
            [f"{words} {company_name(self.paper)}"]
            if self.paper.chance(0.7)
            else [f"{words}:", company_name(self.paper)]
        )

    def _address(self) -> list[str]:
        lines = drawn_block(self.paper, "seller")
        if self.paper.chance(0.05):
            lines[0] = f"{self.paper.label('seller_address')}{self.joint}{lines[0]}"
        return lines

    def _office(self) -> list[str]:
        """Another address of the firm: not where the shop is."""
        return [self.paper.sentence("office"), *draw_address(self.paper).lines]

    def _phone(self) -> list[str]:
        paper = self.paper
        number = paper.state("seller_phone", paper.say("phones"))
        if paper.chance(0.12):
            return [number]
        line = f"{paper.label('seller_phone')}{self.joint}{number}"
        if paper.chance(0.3):
            fax = f"{paper.label('trade_fax')}{self.joint}{paper.state('trade_fax', paper.say('phones'))}"
            return [line + paper.pick((GAP, " ", "\n")) + fax] if paper.chance(0.7) else [line, fax]
        return [line]

    def _vat(self) -> list[str]:
        paper = self.paper
        number = paper.state("vat_id", paper.say("vat"))
        line = f"{paper.label('vat_id')}{self.joint}{number}"
        return [f"({line})" if paper.chance(0.25) else line]

    def _branch(self) -> list[str]:
        name = self.paper.state("trade_branch", self.paper.say("branch"))
        return [self.paper.pick((f"({name})", name, f"{self.paper.label('trade_branch')}: {name}", f"- {name} -"))]

    def _mail(self) -> list[str]:
        return [mail_line(self.paper)]

    def _date(self) -> list[str]:
        return [self.paper.state("purchase_date", self.paper.diary.text())]


def company_name(paper: Paper) -> str:
    """A company of the paper's country, seldom one of anywhere."""
    if paper.chance(0.1):
        return paper.desk.values.company()
    return paper.say("company").strip(" ,&")


def mail_line(paper: Paper) -> str:
    """An e-mail address or a web site, with its label or alone."""
    site = paper.say("coined").lower() + paper.say("tld")
    if paper.chance(0.5):
        text = paper.state("trade_website", paper.pick(("www.", "www.", "", "https://")) + site)
        return text if paper.chance(0.6) else f"{paper.label('trade_website')}: {text}"
    text = paper.state(
        "seller_email", paper.pick(("info", "sales", "office", paper.say("coined").lower())) + "@" + site
    )
    return text if paper.chance(0.4) else f"{paper.label('seller_email')}: {text}"


def cash_words() -> frozenset[str]:
    """The words of all languages for cash."""
    return frozenset(word.casefold() for table in read_table("names.toml").values() for word in table.get("cash", ()))
