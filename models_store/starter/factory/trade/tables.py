"""Tables of items, from templates: the headings, and a row that may take several lines.

A template is "description quantity amount = {description}|{quantity} x {unit_price}  {amount}": the columns that are
headed, in their order, and a row; `|` ends a line. Without a row the cells stand in the order of the headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from models_store.starter.factory.draft import Row
from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.trade.stock import Item
from models_store.starter.factory.wordings import LINE_ITEMS

_NUMBERS = ("{c}", "{c}", "{c}", "{c}.00", "{c}.0")
_RATES = ("{r}", "{r}%", "{r} %", "{r}%", "{r}.00", "{r}.0 %")
_OFFS = ("{r}%", "{r}", "{r} %", "-{r}%", "{r}.00")


@dataclass(frozen=True, slots=True)
class Template:
    """Headed columns, the pattern of a row, and the columns that occur in it."""

    heads: tuple[str, ...]
    row: str
    columns: frozenset[str]


@cache
def read_template(text: str) -> Template:
    heads, _, row = text.partition(" = ")
    names = tuple(heads.split())
    row = row or GAP.join(f"{{{name}}}" for name in names)
    return Template(names, row, frozenset(re.findall(r"\{(\w+)\}", row)) - {"sign"})


class Table:
    """The habits of one table; `rows` are what it has printed."""

    def __init__(self, paper: Paper, template: str, *, headed: float = 0.8) -> None:
        random = paper.random
        self.paper, self.template = paper, read_template(template)
        self.rows: list[Row] = []
        self.headed = random.random() < headed
        self.details = random.choice((0.0, 0.0, 0.0, 0.15, 0.5))
        self._number, self._rate, self._off = random.choice(_NUMBERS), random.choice(_RATES), random.choice(_OFFS)
        self._digits = paper.purse.digits + random.choice((0, 0, 0, 0, 0, 1, 2)) if paper.purse.digits else 0
        self._sign = paper.purse.sign + random.choice(("", " ")) if paper.purse.place in ("before", "apart") else ""

    def heading(self) -> list[str]:
        """The line of headings, in two lines now and then; empty for a table without."""
        if not self.headed:
            return []
        columns = self.paper.columns("line_items")
        texts = [self.paper.cased(self.paper.heading(columns[name])) for name in self.template.heads]
        if self.paper.purse.place == "head" and self.template.heads[-1] == "amount":
            texts[-1] += f" ({self.paper.currency()})"
        if self.paper.chance(0.06) and any(" " in text for text in texts):
            halves = [text.partition(" ") for text in texts]
            return [GAP.join(first for first, _, _ in halves), GAP.join(rest for _, _, rest in halves if rest)]
        return [GAP.join(texts)]

    def item(self, item: Item, number: int) -> list[str]:
        """The lines of one item."""
        texts = self._texts(item, number)
        row = {name: self.paper.draft.mark(text) for name in self.template.columns if (text := texts[name])}
        self.rows.append(row)
        line = self.template.row.format_map({**texts, **row, "sign": self._sign})
        lines = [" ".join(part.split(" ")) for part in line.strip().split("|")]
        if self.paper.chance(self.details):
            lines.append(self.paper.say("detail"))
        return lines

    def body(self, items: Iterable[Item]) -> list[str]:
        return [line for number, item in enumerate(items, start=1) for line in self.item(item, number)]

    def close(self) -> None:
        """Makes the rows the answer to the list of items."""
        self.paper.desk.rows(LINE_ITEMS, self.rows)

    def _texts(self, item: Item, number: int) -> dict[str, str]:
        purse = self.paper.purse
        count = purse.count(item.quantity)
        if item.quantity % 1000 == 0:
            count = self._number.format(c=count).replace(".", purse.point)
        price, amount = purse.text(item.price, self._digits), purse.text(item.amount)
        return {
            "description": item.description,
            "quantity": count,
            "unit": item.unit,
            "unit_price": price,
            "amount": amount,
            "item_code": item.code,
            "tax_rate": self._rate.format(r=item.rate).replace(".", purse.point),
            "tax_code": item.mark,
            "discount": self._off.format(r=item.discount).replace(".", purse.point) if item.discount else "",
            "position": str(number),
            "delivered": count,
            "backorder": "0",
        }
