"""The sums of an air-time order: spots, gross, commission, net."""

from __future__ import annotations

from collections.abc import Callable

from models_store.starter.factory.draft import bare
from models_store.starter.factory.forms import blocks
from models_store.starter.factory.forms.broadcast.buy import Buy
from models_store.starter.factory.layout import Pair, wrapped
from models_store.starter.factory.pools import WORDS

_GAP = "  "


class Sums:
    """Writes the totals of a purchase in one of several ways."""

    def __init__(self, buy: Buy) -> None:
        self.buy, self.desk, self.random = buy, buy.desk, buy.random
        self.lines: list[str] = []

    def write(self) -> list[str]:
        ways: dict[str, Callable[[], list[str]]] = {
            "air sums: pairs": self._pairs,
            "air sums: pairs with notes": self._beside_notes,
            "air sums: totals row": self._row,
            "air sums: months": self._months,
            "air sums: one line": self._one_line,
            "air sums: labels over amounts": self._over,
            "air sums: pairs, spots first": self._pairs,
            "air sums: bare row": self._bare_row,
        }

        def doing(way: Callable[[], list[str]]) -> Callable[[], None]:
            return lambda: self.lines.extend(way())

        self.desk.variant({name: doing(way) for name, way in ways.items()})
        return self.lines

    def _amount(self, name: str) -> str:
        return self.buy.sign + self.buy(name)

    def _amounts(self) -> list[Pair]:
        buy = self.buy
        names = ["air_gross", *(n for n in ("air_commission", "air_net") if self.desk.chance(0.8))]
        items = [(buy.pair(name)[0], self._amount(name)) for name in names]
        if self.desk.chance(0.25):
            label, tax = buy.pair("air_tax")
            items.insert(-1, (label, buy.sign + tax if bare(tax) else tax))
        if self.desk.chance(0.75):
            items.insert(self.random.choice((0, 0, len(items))), buy.pair("air_spots"))
        return items

    def _pairs(self) -> list[str]:
        joint = self.random.choice((_GAP, _GAP, ": ", ":  ", " ", "\n"))
        return [part for label, text in self._amounts() for part in f"{label}{joint}{text}".split("\n")]

    def _beside_notes(self) -> list[str]:
        note = wrapped(" ".join(self.random.sample(WORDS["air_notes"], 2)), self.random)
        return blocks.across([note, [f"{label}{_GAP}{text}" for label, text in self._amounts()]], self.random)

    def _row(self) -> list[str]:
        items = self._amounts()
        return [_GAP.join(label for label, _ in items), "Totals  " + _GAP.join(text for _, text in items)]

    def _over(self) -> list[str]:
        return blocks.grid(self._amounts(), self.random.randint(2, 4))

    def _one_line(self) -> list[str]:
        joint = self.random.choice((": ", " ", _GAP))
        return [_GAP.join(label + joint + text for label, text in self._amounts())]

    def _bare_row(self) -> list[str]:
        """Behind the table's last row, with nothing but a word: number of spots, then the sum."""
        word = self.desk.values.one("Totals|Total|Grand Total:|TOTAL ORDER|Total for order")
        return [f"{word}  {self.buy('air_spots')}  {self._amount('air_gross')}"]

    def _months(self) -> list[str]:
        """Sums of each month with the sum of all months below them."""
        buy, random = self.buy, self.random
        by_month: dict[str, list[int]] = {}
        for line in buy.lines:
            sums = by_month.setdefault(f"{line.start:%B %Y}", [0, 0])
            sums[0] += line.spots
            sums[1] += line.cents
        with_net = self.desk.chance(0.6)
        head = ["Month", "# Spots", "Gross Amount", *(["Net Amount"] if with_net else []), "Rating"]
        rows = []
        share = buy.net_share
        for month, (spots, cents) in by_month.items():
            net = [buy.sign + buy.money(int(cents * share))] if with_net else []
            rows.append(_GAP.join((month, str(spots), buy.sign + buy.money(cents), *net, "0.00")))
        total = [
            "Totals",
            buy("air_spots"),
            self._amount("air_gross"),
            *([self._amount("air_net")] if with_net else []),
        ]
        title = random.choice(("By Broadcast Month", "Bill Plan", "Totals", ""))
        months = [_GAP.join(head), *rows]
        if self.desk.chance(0.35):
            months = blocks.across([self._bill_plan(), months], random, 0)
        return [title, *months, _GAP.join(total)]

    def _bill_plan(self) -> list[str]:
        """The same sums by the days of the bill, to stand beside the months."""
        buy = self.buy
        sums = f"{buy.spots}{_GAP}{buy.sign}{buy.money(buy.gross)}"
        row = f"{buy.day(buy.start)}{_GAP}{buy.day(buy.end)}{_GAP}{sums}"
        return ["Start Date  End Date  # Spots  Gross Amount", row]
