"""How and when to pay: bank details, and sentences about terms."""

from __future__ import annotations

from collections.abc import Callable

from models_store.starter.factory.layout import Pair
from models_store.starter.factory.trade.paper import Paper


def bank_pairs(paper: Paper, holder: str) -> list[Pair]:
    """Some of the bank's name, IBAN, BIC, local account, holder; in the order of most papers or in any."""
    texts = {
        "bank_name": (0.6, paper.say("bank")),
        "account_holder": (0.15, holder),
        "bank_account_number": (0.2, paper.say("account")),
        "iban": (0.85, paper.desk.values.iban()),
        "bic": (0.6, paper.say("bic")),
    }
    pairs = [paper.pair(name, text) for name, (share, text) in texts.items() if paper.chance(share)]
    if paper.chance(0.25):
        paper.random.shuffle(pairs)
    return pairs


def terms(paper: Paper, days: int, amount: Callable[[], str]) -> str:
    """A sentence with the due date `days` after the issue, and perhaps an earlier date with a discount."""
    text, few = paper.sentence("due"), max(days // 3, 1)
    due, early = paper.state("due_date", paper.diary.text(days)), paper.diary.text(few)
    off = paper.pick(("2", "3", "1.5"))
    return filled(text, amount).format(due=due, early=early, days=days, few=few, off=off)


def filled(text: str, amount: Callable[[], str]) -> str:
    """The sentence with its amount, which is written only where it is wanted."""
    return text.replace("{amount}", amount()) if "{amount}" in text else text
