"""The countries whose papers are written: money, dates, taxes, company forms and the rules of addresses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from models_store.starter.factory.trade.grammar import Patterns, cut_table, read_table


@dataclass(frozen=True, slots=True)
class Market:
    """One country. `points` are pairs of thousands separator (may be empty) and decimal point."""

    code: str
    weight: int
    tongues: tuple[str, ...]
    signs: tuple[str, ...]
    digits: tuple[int, ...]
    points: tuple[str, ...]
    dates: str
    taxes: tuple[str, ...]
    rates: tuple[int, ...]
    scale: int = 1
    """How much greater amounts are than in euros."""


_RULES = ("tails", "phones", "vat", "registration", "tax_number")


@cache
def markets() -> tuple[Market, ...]:
    return tuple(_market(code, entry) for code, entry in read_table("markets.toml").items())


def _market(code: str, entry: dict[str, object]) -> Market:
    kept = {name: value for name, value in entry.items() if name not in _RULES}
    return Market(code, **{n: tuple(v) if isinstance(v, list) else v for n, v in kept.items()})  # type: ignore[arg-type]


@cache
def _weights() -> tuple[int, ...]:
    return tuple(market.weight for market in markets())


def draw_market(random: Random) -> Market:
    return random.choices(markets(), _weights())[0]


@cache
def market_rules(code: str, tongue: str) -> dict[str, Patterns]:
    """All rules for papers of this country in this language; the more special ones win."""
    addresses, goods, names = read_table("addresses.toml"), read_table("goods.toml"), read_table("names.toml")
    entry = read_table("markets.toml")[code]
    own = {name: entry[name] for name in _RULES}
    tables = (goods["all"], names["all"], goods.get(tongue, {}), names.get(tongue, {}), addresses["all"])
    merged: dict[str, Patterns] = {}
    for table in (*tables, addresses[code], own):
        merged |= cut_table(table)
    return merged
