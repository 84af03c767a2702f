"""A desk for one paper of trade: its country, its language, its money, its dates and its habits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.trade.diary import Diary
from models_store.starter.factory.trade.grammar import Speaker, read_table
from models_store.starter.factory.trade.markets import draw_market, market_rules
from models_store.starter.factory.trade.purse import Purse
from models_store.starter.factory.trade.tongues import labels_of, sides
from models_store.starter.factory.wordings import CONCEPTS, LISTS, Concept

GAP = "  "
JOINTS = (": ", ": ", ": ", " : ", GAP, GAP, ":  ", ":", " ", " :", ". ", " - ", "\n")


class Paper:
    """What a writer needs to write one paper. `upper` papers print their headings in capitals."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.random, self.draft = desk, desk.random, desk.draft
        self.market = draw_market(self.random)
        self.tongue = self.random.choice(self.market.tongues)
        self.purse = Purse(self.market, self.random)
        self.diary = Diary(self.market.dates, self.tongue, self.random)
        self._speaker = Speaker(desk.values.pools, self.random, market_rules(self.market.code, self.tongue))
        self.say = self._speaker.say
        self.joint = self.random.choice(JOINTS)
        self.upper = desk.chance(0.3)
        self.add = self.draft.add

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, options: Sequence[str]) -> str:
        return self.random.choice(options)

    def kept(self, options: Sequence[str]) -> str:
        """One of some sentences or layouts, of the side (trained on, or kept for evaluation) that is wanted."""
        return self.random.choice(sides(tuple(options), self.desk.held_out))

    def layout(self, name: str) -> list[str]:
        """The blocks of one of the layouts of that name."""
        return self.kept(self.layouts[name]).split()

    def sentence(self, name: str) -> str:
        """One of the sentences of that name, in this paper's language where there are some."""
        table = read_table("sentences.toml")
        return self.kept(table.get(self.tongue, {}).get(name) or table["en"][name])

    def label(self, name: str) -> str:
        """A label of a single concept."""
        return self.cased(self._label(CONCEPTS[name].labels))

    def heading(self, column: Concept) -> str:
        """A heading of a column."""
        return self._label(column.labels)

    def columns(self, name: str) -> Mapping[str, Concept]:
        """The columns of a list, by their names."""
        return {column.name: column for column in LISTS[name].columns}

    def state(self, name: str, text: str) -> str:
        return self.draft.state(CONCEPTS[name], text)

    def state_all(self, names: Sequence[str], text: str) -> str:
        """The text marked as the value of each of some concepts."""
        for name in names:
            text = self.state(name, text)
        return text

    def pair(self, name: str, text: str) -> Pair:
        """A label and a marked value."""
        return self.label(name), self.state(name, text)

    def line(self, name: str, text: str) -> str:
        """Label and marked value as this paper joins them; may hold a line end."""
        return self.label(name) + self.joint + self.state(name, text)

    def money(self, amount: int) -> str:
        """An amount as this paper prints sums; not marked."""
        return self.purse.signed(self.purse.text(amount), self.purse.sign)

    def sum_of(self, names: Sequence[str], amount: int) -> str:
        """A marked sum with the currency in its place, the currency marked too."""
        number = self.state_all(names, self.purse.text(amount))
        return self.purse.signed(number, self.currency()) if self.purse.in_sums else number

    def currency(self) -> str:
        """The marked sign; the same text each time."""
        return self.state("currency", self.purse.sign)

    def cased(self, text: str) -> str:
        """Headings in this paper's letters."""
        return text.upper() if self.upper else text

    @cached_property
    def layouts(self) -> dict[str, list[str]]:
        """All layouts, by what they lay out."""
        return read_table("layouts.toml")

    def _label(self, labels: tuple[str, ...]) -> str:
        return self.random.choice(labels_of(labels, self.tongue, self.desk.held_out))
