"""One document's money: how amounts are printed, and where the currency stands."""

from __future__ import annotations

from random import Random

from models_store.starter.factory.trade.markets import Market

_PLACES = ("none", "none", "none", "before", "before", "apart", "apart", "behind", "behind", "head")
_ALWAYS_BEHIND = ("zł", "kr", "kr.", "Kč", "TL", "Euros", "Baht")


class Purse:
    """Amounts are whole numbers of the smallest unit: cents where `digits` is 2.

    `place` says where the sign stands: before the amount, apart before it, behind it, in a heading, or nowhere.
    """

    def __init__(self, market: Market, random: Random) -> None:
        self.random = random
        self.sign = random.choice(market.signs)
        self.digits = random.choice(market.digits)
        points = random.choice(market.points)
        self.gap, self.point = points[:-1], points[-1]
        self.place = random.choice(_PLACES)
        if self.sign in _ALWAYS_BEHIND and self.place in ("before", "apart"):
            self.place = "behind"
        self.in_rows = self.place in ("before", "apart", "behind") and random.random() < 0.3
        self.in_sums = self.place in ("before", "apart", "behind")
        self._unit = 10**self.digits * market.scale

    def price(self, low: float, high: float) -> int:
        """A price between two amounts of euros, small ones more often; rounded as shops do."""
        amount = int(self._unit * low * (high / low) ** self.random.random())
        step = self.random.choice((1, 1, 5, 10)) if self.digits else self.random.choice((50, 100, 500))
        return max(amount // step * step, step)

    def text(self, amount: int, digits: int | None = None) -> str:
        """The bare number; `digits` more than the currency has are for prices of units."""
        shown = self.digits if digits is None else digits
        whole, rest = divmod(abs(amount), 10**self.digits)
        head = f"{whole:,}".replace(",", self.gap) if self.gap or whole > 999 else str(whole)
        tail = f"{rest:0{self.digits}d}".ljust(shown, "0") if shown else ""
        return ("-" if amount < 0 else "") + (f"{head}{self.point}{tail}" if tail else head)

    def signed(self, number: str, sign: str) -> str:
        """A printed number with the sign in its place; both may be marked."""
        match self.place:
            case "before":
                return f"{sign}{number}"
            case "apart":
                return f"{sign} {number}"
            case "behind":
                return f"{number} {sign}"
            case _:
                return number

    def count(self, thousandths: int) -> str:
        """A quantity in thousandths: "3", "2.5"."""
        whole, rest = divmod(thousandths, 1000)
        return f"{whole}{self.point}{rest:03d}".rstrip("0") if rest else str(whole)
