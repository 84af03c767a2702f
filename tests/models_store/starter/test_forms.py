"""Forms: what stands on them is what is said to stand there, in many layouts."""

from __future__ import annotations

from random import Random

import pytest

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact, bare
from models_store.starter.factory.forms import WRITERS
from models_store.starter.factory.pools import Pools

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


def test_a_registration_signed_on_a_day_is_filed_on_that_day(pools: Pools) -> None:
    seen = 0
    for desk in written("registration_form", pools):
        facts = desk.draft.facts
        if "form_signed_date" in facts and (signed := text_of(facts["form_signed_date"])):
            assert text_of(facts["form_file_date"]) == signed
            seen += 1
    assert seen > DOCUMENTS / 4


def test_an_answer_to_tick_boxes_is_the_ticked_word_or_the_ticked_box(pools: Pools) -> None:
    """Control: a question with nothing ticked has an empty value and no meaning."""
    meanings: dict[str, set[str]] = {"": set(), "ticked": set()}
    for desk in written("registration_form", pools, size=2):
        if (fact := desk.draft.facts.get("reg_political")) is not None:
            meanings["ticked" if text_of(fact) else ""].add(fact.option)
    assert meanings == {"": {""}, "ticked": {"true", "false"}}


def test_layouts_kept_for_evaluation_differ_from_those_of_training(pools: Pools) -> None:
    """A short form opens with a person; `registration: short form` is on one side only."""
    sides = [
        {name for desk in written("registration_form", pools, held_out=held_out) for name in desk.draft.facts}
        for held_out in (False, True)
    ]
    assert sides[0] != sides[1]
