"""What is bought: lines of goods and services with their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from models_store.starter.factory.trade.paper import Paper

_ROWS = ((1, 3), (2, 8), (8, 25), (35, 100))
"""Fewest and most lines of a paper, by its size."""


@dataclass(slots=True)
class Item:
    """One line of a table. Amounts in the smallest unit of money, quantity in thousandths, discount in percent."""

    description: str
    code: str
    quantity: int
    unit: str
    price: int
    rate: int
    mark: str = ""
    """What stands for the rate on tills: "SR", "A"."""
    discount: int = 0

    @property
    def amount(self) -> int:
        return round(self.price * self.quantity / 1000 * (100 - self.discount) / 100)


class Stock:
    """A shop's or firm's habits: what it sells, at which prices, in which letters and at which rates of tax."""

    def __init__(self, paper: Paper, *, retail: bool) -> None:
        self.paper, self.retail = paper, retail
        random = paper.random
        self.services = not retail and random.random() < 0.35
        self.upper = random.random() < (0.5 if retail else 0.12)
        self.width = random.choice((14, 18, 22)) if retail and random.random() < 0.15 else 60
        self.prices = random.choice(
            ((0.2, 12), (0.5, 40), (2, 60), (5, 200)) if retail else ((1, 90), (5, 900), (40, 4000))
        )
        self.fraction = random.random() < 0.15
        first = random.choice(paper.market.rates)
        rates = (first, random.choice(paper.market.rates)) if random.random() < 0.25 else (first,)
        self.rates = tuple((rate, paper.say("tax_mark")) for rate in dict.fromkeys(rates))

    def items(self, most: int = 99) -> list[Item]:
        low, high = _ROWS[self.paper.desk.size]
        return [self.item() for _ in range(min(self.paper.random.randint(low, high), most))]

    def item(self) -> Item:
        paper, random = self.paper, self.paper.random
        text = paper.say("service" if self.services else "goods")
        text = (text.upper() if self.upper else text)[: self.width].rstrip()
        quantity = 1000 * random.choice(
            (1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 10, 12) if self.retail else (1, 1, 2, 3, 4, 5, 8, 10, 20, 25, 50, 100)
        )
        if self.fraction and random.random() < 0.3:
            quantity = random.randint(1, 40) * random.choice((250, 500, 100, 35))
        price = paper.purse.price(*self.prices)
        rate, mark = random.choice(self.rates)
        return Item(text, paper.say("sku"), quantity, paper.say("uom"), price, rate, mark)
