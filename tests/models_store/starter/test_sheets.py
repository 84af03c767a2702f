"""Sheets: the label alone says which value is meant, in every layout."""

from __future__ import annotations

from random import Random

from extraction.schema import Kind
from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import bare, read_marks, resolve
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.sheets import write_drill, write_sheet
from models_store.starter.factory.wordings import CONCEPTS

DOCUMENTS = 200
ASKED = ("What is the ", "State the ", "Please give the ", "How would you describe the ", "Tell us the ")


def _desks(pools: Pools, size: int = 1, count: int = DOCUMENTS) -> list[Desk]:
    random, desks = Random(4), []
    for _ in range(count):
        desk = Desk(pools, random, size=size)
        write_sheet(desk)
        desks.append(desk)
    return desks


def test_labels_without_a_value_are_asked_and_absent(pools: Pools) -> None:
    absent = present = 0
    for desk in _desks(pools):
        printed = read_marks("\n".join(desk.draft.lines))
        for fact in desk.draft.facts.values():
            if isinstance(fact.value, str):
                found = resolve(fact.value, printed)
                absent, present = absent + (found is None), present + (found is not None)
    assert 0.03 < absent / (absent + present) < 0.25


def test_no_two_labels_of_a_sheet_are_made_of_the_same_words(pools: Pools) -> None:
    for desk in _desks(pools):
        words = [frozenset(name.split("_")) for name, fact in desk.draft.facts.items() if fact.concept.keys == (name,)]
        assert len(words) == len(set(words))


def test_labels_under_two_headings_are_named_by_the_heading(pools: Pools) -> None:
    told = [
        fact.concept
        for desk in _desks(pools)
        for fact in desk.draft.facts.values()
        if fact.concept.name not in CONCEPTS and any(" under " in told for told in fact.concept.descriptions)
    ]
    assert len(told) > 10
    for concept in told:
        label, _, heading = concept.descriptions[-1].partition(" under ")
        assert concept.name.startswith(heading.split(" ")[0].encode("ascii", "ignore").decode().lower()[:1])
        assert label in concept.descriptions[0]


def test_every_kind_of_value_occurs(pools: Pools) -> None:
    facts = [fact for desk in _desks(pools) for fact in desk.draft.facts.values()]
    kinds = {fact.concept.kind for fact in facts}
    assert {Kind.TEXT, Kind.BOOLEAN, Kind.ENUM, Kind.LIST} <= kinds
    texts = [bare(fact.value) for fact in facts if isinstance(fact.value, str)]
    assert any(len(text.split()) > 7 for text in texts)
    assert any(isinstance(fact.value, list) and fact.concept.kind is Kind.TEXT for fact in facts)


def test_tables_have_rows_that_stand_on_the_page(pools: Pools) -> None:
    sizes, columns = set(), set()
    for desk in _desks(pools, size=2):
        text = bare("\n".join(desk.draft.lines))
        for fact in desk.draft.facts.values():
            if fact.concept.kind is not Kind.LIST:
                continue
            rows = [row for row in fact.value if isinstance(row, dict)]
            sizes.add(len(rows))
            columns |= {len(row) for row in rows}
            assert all(bare(cell) in text for row in rows for cell in row.values())
    assert max(sizes) >= 10
    assert {2, 3, 4, 5} <= columns


def test_evaluation_has_layouts_and_questions_of_its_own(pools: Pools) -> None:
    def questions(*, held_out: bool) -> set[str]:
        random, found = Random(9), set()
        for _ in range(150):
            desk = Desk(pools, random, held_out=held_out)
            write_sheet(desk)
            text = bare("\n".join(desk.draft.lines))
            found |= {asked for asked in ASKED if any(line.startswith(asked) for line in text.split("\n"))}
        return found

    assert not questions(held_out=True) & questions(held_out=False)
    assert questions(held_out=False)


def test_a_drill_prints_every_key_before_its_value(pools: Pools) -> None:
    desk = Desk(pools, Random(2))
    write_drill(desk)
    text = bare("\n".join(desk.draft.lines)).casefold()
    for name, fact in desk.draft.facts.items():
        assert isinstance(fact.value, str)
        assert bare(fact.value).casefold() in text
        assert fact.concept.keys == (name,)
