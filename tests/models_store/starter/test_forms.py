"""Forms: what stands on them is what is said to stand there, in many layouts."""

from __future__ import annotations

from random import Random

import pytest

from extraction.schema import Kind
from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact, bare
from models_store.starter.factory.forms import WRITERS
from models_store.starter.factory.forms.blocks import across
from models_store.starter.factory.forms.clutter import poor
from models_store.starter.factory.pools import WORDS, Pools
from models_store.starter.factory.wordings import CONCEPTS, is_held_out

DOCUMENTS = 60


def written(writer: str, pools: Pools, *, size: int = 1, held_out: bool = False, count: int = DOCUMENTS) -> list[Desk]:
    """Some documents of a writer, on their desks."""
    random, desks = Random(11), []
    for _ in range(count):
        desk = Desk(pools, random, size=size, held_out=held_out)
        WRITERS[writer](desk)
        desks.append(desk)
    return desks


def text_of(fact: Fact) -> str:
    """The text of a single value."""
    assert isinstance(fact.value, str)
    return bare(fact.value)


def page_of(desk: Desk) -> str:
    return bare("\n".join(desk.draft.lines))


def digits_of(fact: Fact) -> int:
    return int("".join(filter(str.isdigit, text_of(fact))))


def cents(text: str) -> int:
    digits = text.replace(",", "")
    whole, _, rest = digits.partition(".")
    return int(whole) * 100 + int(rest or 0)


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_larger_sizes_give_longer_documents(writer: str, pools: Pools) -> None:
    lengths = [
        sum(len(page_of(desk)) for desk in written(writer, pools, size=size, count=25)) / 25 for size in range(4)
    ]
    assert lengths == sorted(lengths)
    assert lengths[3] > 2 * lengths[0]


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_some_fields_of_a_form_are_left_empty(writer: str, pools: Pools) -> None:
    singles = [fact for desk in written(writer, pools) for fact in desk.draft.facts.values()]
    texts = [text_of(fact) for fact in singles if isinstance(fact.value, str)]
    assert 0.05 < texts.count("") / len(texts) < 0.4


def test_the_net_of_an_order_is_its_gross_less_commission(pools: Pools) -> None:
    seen = 0
    for desk in written("broadcast_order", pools):
        facts = desk.draft.facts
        if {"air_gross", "air_commission", "air_net"} <= facts.keys():
            gross, commission, net = (cents(text_of(facts[f"air_{part}"])) for part in ("gross", "commission", "net"))
            assert abs(gross - commission - net) <= 100
            seen += 1
    assert seen > DOCUMENTS / 4


def test_every_order_tells_when_it_is_aired(pools: Pools) -> None:
    for desk in written("broadcast_order", pools):
        assert {"air_flight_from", "air_flight_to", "air_contract_number", "air_advertiser"} <= desk.draft.facts.keys()


def test_call_letters_in_a_table_are_those_of_the_station(pools: Pools) -> None:
    for desk in written("broadcast_order", pools):
        lines = desk.draft.facts.get("air_lines")
        rows = lines.value if lines else []
        channels = {bare(row["channel"]) for row in rows if isinstance(row, dict) and "channel" in row}
        if channels:
            assert channels == {text_of(desk.draft.facts["air_station"])}


def test_a_registration_signed_on_a_day_is_filed_on_that_day(pools: Pools) -> None:
    seen = 0
    for desk in written("registration_form", pools):
        facts = desk.draft.facts
        if "form_signed_date" in facts and (signed := text_of(facts["form_signed_date"])):
            assert text_of(facts["form_file_date"]) == signed
            seen += 1
    assert seen > DOCUMENTS / 4


def test_a_question_with_a_tick_has_a_meaning_and_one_without_has_none(pools: Pools) -> None:
    meanings: dict[bool, set[str]] = {False: set(), True: set()}
    for desk in written("questionnaire", pools, size=2):
        for fact in desk.draft.facts.values():
            if fact.concept.kind is Kind.BOOLEAN:
                meanings[bool(text_of(fact))].add(fact.option)
    assert meanings == {False: {""}, True: {"true", "false"}}


def test_some_layouts_are_kept_for_evaluation_and_the_metadata_sheet_is_not() -> None:
    assert is_held_out("registration: brief form")
    assert is_held_out("application: two columns")
    assert not is_held_out("registration: key and value sheet")


def test_deductions_and_net_of_a_payslip_make_its_gross(pools: Pools) -> None:
    seen = 0
    for desk in written("payslip", pools):
        facts = desk.draft.facts
        if {"pay_gross", "pay_deductions", "pay_net"} <= facts.keys():
            gross, taken, net = (digits_of(facts[f"pay_{part}"]) for part in ("gross", "deductions", "net"))
            assert gross == taken + net
            seen += 1
    assert seen > DOCUMENTS / 4


def test_the_cargo_of_a_bill_of_lading_has_the_pieces_of_its_lines(pools: Pools) -> None:
    for desk in written("bill_of_lading", pools):
        facts = desk.draft.facts
        if "ship_packages" in facts and "ship_lines" in facts:
            lines = facts["ship_lines"].value
            assert isinstance(lines, list)
            pieces = [int(bare(row["packages"]).split()[0]) for row in lines if isinstance(row, dict)]
            assert text_of(facts["ship_packages"]).startswith(f"{sum(pieces)} ")


def test_words_for_ticks_name_every_option() -> None:
    for entry in WORDS["tick_words"]:
        name, _, words = entry.partition("=")
        assert len(words.split("|")) == len(CONCEPTS[name].options), entry


def test_poor_print_changes_a_line_but_keeps_most_of_it() -> None:
    line = "Copies of this filing are open to public examination during business hours."
    changed = [poor(line, Random(seed), 0.3) for seed in range(20)]
    assert sum(text != line for text in changed) > 15
    kept = sum(len(set(text.split()) & set(line.split())) for text in changed) / len(changed)
    assert 4 < kept < len(line.split())
    assert poor(line, Random(1), 0.0) == line


def test_blocks_side_by_side_keep_every_line_of_each() -> None:
    lines = across([["a", "b", "c"], ["1"], ["x", "y"]], Random(1), 0)
    assert lines == ["a  1  x", "b  y", "c"]
