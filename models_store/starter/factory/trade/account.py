"""The sums of a paper: what the lines come to, what is added and taken off, and what is to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models_store.starter.factory.trade.paper import Paper
from models_store.starter.factory.trade.stock import Item


@dataclass(slots=True)
class Account:
    """Amounts in the smallest unit. `rates` is rate -> (mark, net, tax), in the order of the items."""

    lines: int
    inclusive: bool
    discount: int = 0
    extras: dict[str, int] = field(default_factory=dict)
    net: int = 0
    tax: int = 0
    gross: int = 0
    rounding: int = 0
    prepaid: int = 0
    rates: dict[int, tuple[str, int, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.gross + self.rounding

    @property
    def payable(self) -> int:
        """What is left to pay."""
        return self.total - self.prepaid

    @property
    def lines_are_net(self) -> bool:
        return not self.inclusive and self.lines == self.net


def settle(
    items: Sequence[Item], *, inclusive: bool, discount: int = 0, extras: dict[str, int] | None = None
) -> Account:
    """The account of these items; discount and extras change the first rate's base."""
    account = Account(sum(item.amount for item in items), inclusive, discount, extras or {})
    bases: dict[int, tuple[str, int]] = {}
    for item in items:
        mark, base = bases.get(item.rate, (item.mark, 0))
        bases[item.rate] = mark, base + item.amount
    first = next(iter(bases))
    bases[first] = bases[first][0], bases[first][1] - discount + sum(account.extras.values())
    for rate, (mark, base) in bases.items():
        tax = round(base * rate / (100 + rate if inclusive else 100))
        account.rates[rate] = mark, base - tax if inclusive else base, tax
    account.net = sum(net for _, net, _ in account.rates.values())
    account.tax = sum(tax for _, _, tax in account.rates.values())
    account.gross = account.net + account.tax
    return account


def rounded(account: Account, step: int) -> int:
    """What is to be added so that the total is a multiple of `step`."""
    rest = account.gross % step
    return -rest if rest * 2 < step else step - rest


def share_of(paper: Paper, amount: int, percents: Sequence[int]) -> int:
    """Some percent of an amount."""
    return max(amount * paper.random.choice(percents) // 100, 1)
