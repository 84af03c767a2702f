"""How and when to pay: bank details, and sentences about terms."""

from __future__ import annotations

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


def terms(paper: Paper, days: int, amount: str) -> str:
    """A sentence with the due date `days` after the issue, and perhaps an earlier date with a discount."""
    due, early = paper.state("due_date", paper.diary.text(days)), paper.diary.text(max(days // 3, 1))
    text = paper.sentence("due")
    return text.format(
        due=due, early=early, days=days, few=max(days // 3, 1), off=paper.pick(("2", "3", "1.5")), amount=amount
    )
