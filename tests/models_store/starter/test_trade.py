"""Papers of trade: their sums add up, their dates are in order, and each speaks one language."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import bare, mark_of, read_marks, resolve
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.trade import WRITERS
from models_store.starter.factory.trade.account import settle
from models_store.starter.factory.trade.diary import Diary
from models_store.starter.factory.trade.grammar import Speaker
from models_store.starter.factory.trade.markets import market_rules, markets
from models_store.starter.factory.trade.paper import Paper
from models_store.starter.factory.trade.stock import Item, Stock
from models_store.starter.factory.trade.tables import Table
from models_store.starter.factory.trade.tongues import groups, labels_of
from models_store.starter.factory.wordings import CONCEPTS, LINE_ITEMS, is_held_out

PAPERS = 80


def _desks(pools: Pools, writer: str, *, held_out: bool = False) -> Iterator[Desk]:
    for seed in range(PAPERS):
        desk = Desk(pools, Random(seed), held_out=held_out, size=seed % 3)
        WRITERS[writer](desk)
        yield desk


def _answers(desk: Desk) -> dict[str, str]:
    """The single values that are printed."""
    printed = read_marks("\n".join(desk.draft.lines))
    found = {
        name: resolve(fact.value, printed) for name, fact in desk.draft.facts.items() if isinstance(fact.value, str)
    }
    return {name: text for name, text in found.items() if text}


def _minor(text: str) -> int:
    """An amount without its separators: all amounts of one paper have as many decimals."""
    digits = int("".join(c for c in text if c.isdigit()))
    return -digits if text.startswith("-") else digits


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_the_same_seed_writes_the_same_paper(writer: str, pools: Pools) -> None:
    one, other = (Desk(pools, Random(5)) for _ in range(2))
    WRITERS[writer](one)
    WRITERS[writer](other)
    assert one.draft.lines == other.draft.lines


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_every_cell_of_a_row_is_printed(writer: str, pools: Pools) -> None:
    for desk in _desks(pools, writer):
        printed = read_marks("\n".join(desk.draft.lines))
        for fact in desk.draft.facts.values():
            rows = [row for row in fact.value if isinstance(row, dict)] if isinstance(fact.value, list) else []
            assert all(mark_of(cell) in printed for row in rows for cell in row.values()), fact.concept.name


def test_addresses_of_receipts_take_several_lines_and_hold_no_telephone(pools: Pools) -> None:
    lines = []
    for desk in _desks(pools, "receipt"):
        answers, page = _answers(desk), "\n".join(map(bare, desk.draft.lines))
        if address := answers.get("seller_address"):
            lines.append(1 if address in page else 2)
            assert answers.get("seller_phone", "-" * 99) not in address
            assert answers["seller"] not in address
    assert len(lines) > PAPERS * 0.8
    assert lines.count(2) > len(lines) / 2


@pytest.mark.parametrize("writer", ["receipt", "invoice"])
def test_the_total_is_what_is_to_be_paid_after_rounding(writer: str, pools: Pools) -> None:
    rounded = [
        a for a in map(_answers, _desks(pools, writer)) if {"rounding", "total", "total_before_rounding"} <= a.keys()
    ]
    assert rounded
    for answers in rounded:
        before, rounding = _minor(answers["total_before_rounding"]), _minor(answers["rounding"])
        assert _minor(answers["total"]) == before + rounding


def test_change_is_what_was_given_too_much(pools: Pools) -> None:
    paid = [a for a in map(_answers, _desks(pools, "receipt")) if {"cash", "change", "total"} <= a.keys()]
    assert paid
    assert all(_minor(a["cash"]) - _minor(a["change"]) == _minor(a["total"]) for a in paid)


def test_net_and_tax_make_the_total_of_an_invoice(pools: Pools) -> None:
    taxed = [a for a in map(_answers, _desks(pools, "invoice")) if {"net_total", "tax", "total"} <= a.keys()]
    plain = [a for a in taxed if "rounding" not in a]
    assert len(plain) > PAPERS / 3
    assert all(_minor(a["net_total"]) + _minor(a["tax"]) == _minor(a["total"]) for a in plain)


def test_what_is_due_is_the_total_less_what_was_prepaid(pools: Pools) -> None:
    answers = [a for a in map(_answers, _desks(pools, "invoice")) if {"total", "due_payable"} <= a.keys()]
    assert any("prepaid" in a for a in answers)
    for a in answers:
        assert _minor(a["total"]) - abs(_minor(a.get("prepaid", "0"))) == _minor(a["due_payable"])


def test_discount_and_tax_of_several_rates() -> None:
    def item(price: int, rate: int) -> Item:
        return Item("x", "", 2000, "", price, rate)

    account = settle([item(100, 10), item(50, 20)], inclusive=False, discount=20)
    assert (account.lines, account.net, account.tax, account.gross) == (300, 280, 38, 318)
    assert settle([item(110, 10)], inclusive=True).tax == 20


def test_days_keep_their_order_in_print() -> None:
    diary = Diary("ymd", "en", Random(3))
    diary._form = "{y}-{m:02}-{d:02}"
    assert diary.text(-3) < diary.text() < diary.text(30)


def test_every_symbol_of_every_country_can_be_said(pools: Pools) -> None:
    bound = {name: (lambda: "x") for name in ("postcode", "city", "state", "place")}
    for market in markets():
        for tongue in set(market.tongues):
            rules = market_rules(market.code, tongue)
            speaker = Speaker(pools, Random(1), rules)
            assert all(speaker.say(symbol, bound) is not None for symbol in rules)


def test_an_unknown_symbol_is_an_error(pools: Pools) -> None:
    with pytest.raises(KeyError):
        Speaker(pools, Random(1), {}).say("nothing")


def test_a_row_without_a_cell_leaves_it_out(pools: Pools) -> None:
    desk = Desk(pools, Random(2))
    paper = Paper(desk)
    table = Table(paper, "description discount amount")
    item = Stock(paper, retail=True).item()
    item.discount = 0
    table.body([item])
    table.close()
    rows = desk.draft.facts[LINE_ITEMS.name].value
    assert [set(row) for row in rows if isinstance(row, dict)] == [{"description", "amount"}]


def test_labels_are_of_one_language_and_of_the_wanted_side() -> None:
    labels = CONCEPTS["invoice_number"].labels
    german = labels_of(labels, "de", False)
    assert "Rechnungsnummer" in labels
    assert german
    assert not set(german) & set(labels_of(labels, "fr", False))
    assert not any(map(is_held_out, german))
    assert all(map(is_held_out, labels_of(labels, "de", True)))


def test_languages_begin_where_their_first_label_stands() -> None:
    assert groups(["a", "b", "c", "d"], ["de: b", "fr: d"]) == {"en": ("a",), "de": ("b", "c"), "fr": ("d",)}
    with pytest.raises(ValueError, match="not in"):
        groups(["a", "b", "c"], ["de: c", "fr: b"])


def test_a_layout_of_the_evaluation_is_never_trained_on(pools: Pools) -> None:
    def used(*, held_out: bool) -> set[str]:
        papers = [Paper(Desk(pools, Random(seed), held_out=held_out)) for seed in range(PAPERS)]
        return {" ".join(paper.layout("invoice")) for paper in papers}

    trained, kept = used(held_out=False), used(held_out=True)
    assert trained
    assert kept
    assert not trained & kept
