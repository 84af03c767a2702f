"""Schemas are written as by many authors, are valid, and ask for what is not there only where that is sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random

import pytest

from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.shipped_types import shipped_type
from models_store.starter.factory.asking import strangers
from models_store.starter.factory.asking.choice import Shown, ask_at_random, ask_shipped
from models_store.starter.factory.asking.fields import Leaf, field
from models_store.starter.factory.asking.groups import fields
from models_store.starter.factory.asking.naming import Author, is_generic, slug
from models_store.starter.factory.draft import Draft, Fact, bare, read_marks
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.schemas import Asked, Json, Printed, answer
from models_store.starter.factory.stream import WRITERS, Order, Sample, samples
from models_store.starter.factory.wordings import CONCEPTS, LINE_ITEMS, Concept

DOCUMENTS = 300
SHIPPED = ("receipt", "invoice", "contract", "lab_report", "discharge_summary")
PLAIN = Author(Random(1), described=0.0, foreign=0.0)


@pytest.fixture(scope="module")
def drawn(pools: Pools) -> list[Sample]:
    order = Order(dict.fromkeys((*SHIPPED, "sheet"), 1.0), sizes=(0, 1, 2), shipped_share=0.0)
    return list(islice(samples(order, pools, 8), DOCUMENTS))


def _leaves(specs: Sequence[FieldSpec]) -> Iterator[FieldSpec]:
    for spec in specs:
        yield from _leaves(spec.fields) if spec.fields else (spec,)


def _values(answer: Json) -> Iterator[Json]:
    if isinstance(answer, dict):
        for value in answer.values():
            yield from _values(value)
    else:
        yield answer


def test_all_schemas_are_valid_document_types(drawn: list[Sample]) -> None:
    for sample in drawn:
        DocumentTypeSpec(name="drawn", fields=sample.fields)


def test_every_kind_of_field_occurs(drawn: list[Sample]) -> None:
    assert {spec.kind for sample in drawn for spec in (*sample.fields, *_leaves(sample.fields))} == set(Kind)


def test_a_fifth_of_what_is_asked_is_absent(drawn: list[Sample]) -> None:
    counts = Counter(value in (None, []) for sample in drawn for value in _values(sample.answer))
    assert 0.12 < counts[True] / counts.total() < 0.35


def test_some_pages_hold_nothing_of_what_is_asked(drawn: list[Sample]) -> None:
    empty = sum(all(value in (None, []) for value in _values(sample.answer)) for sample in drawn)
    assert DOCUMENTS / 100 < empty < DOCUMENTS / 8


def test_schemas_are_short_and_long_and_nested(drawn: list[Sample]) -> None:
    sizes = [len(list(_leaves(sample.fields))) for sample in drawn]
    assert min(sizes) <= 2
    assert max(sizes) >= 15
    nested = sum(any(spec.kind is Kind.GROUP for spec in sample.fields) for sample in drawn)
    assert DOCUMENTS / 10 < nested < DOCUMENTS / 2


def test_authors_differ(drawn: list[Sample]) -> None:
    leaves = [spec for sample in drawn for spec in _leaves(sample.fields)]
    described = sum(bool(spec.description) for spec in leaves) / len(leaves)
    assert 0.5 < described < 0.85
    assert len({spec.name for spec in leaves}) > 400
    assert len({spec.description for spec in leaves}) > 800
    assert not any(clash in spec.description for spec in leaves for clash in ("the the ", "the when ", "the where "))


def test_a_name_without_meaning_is_described() -> None:
    author = Author(Random(3), described=0.0, numbered="bt_{}", count=4, dry=1.0)
    one = field(Leaf(CONCEPTS["due_date"], None, "due_date"), author, "due_date")
    assert one.spec.name.startswith("bt_")
    assert len(one.spec.description.split()) > 1


def test_names_follow_the_habits_of_their_author() -> None:
    assert PLAIN.name("due_date") == "due_date"
    assert Author(PLAIN.random, case="camel").name("due_date") == "dueDate"
    assert Author(PLAIN.random, case="flat").name("unit_price") == "unitprice"
    assert Author(PLAIN.random, prefix="doc_", suffix="_raw").name("due_date") == "doc_due_date_raw"
    assert Author(Random(2), shortens=True).name("amount").startswith("am")
    assert slug("Fällig am (Datum)") == "fallig_am_datum"


def test_groups_share_the_first_word_of_their_names() -> None:
    random = Random(0)
    leaves = [Leaf(CONCEPTS["seller"], None, key) for key in ("seller_name", "date", "seller_city")]
    shapes = set()
    for _ in range(200):
        asked = fields(leaves, Author(random, described=0.0, foreign=0.0))
        shapes.add(tuple((one.spec.name, tuple(part.spec.name for part in one.parts)) for one in asked))
    assert (("seller", ("name", "city")), ("date", ())) in shapes
    assert (("seller_name", ()), ("date", ()), ("seller_city", ())) in shapes


def test_a_group_is_answered_with_an_object() -> None:
    draft = Draft()
    draft.add(draft.state(CONCEPTS["seller"], "ACME"))
    part = Asked(FieldSpec(name="name"), draft.facts["seller"])
    group = Asked(FieldSpec(name="seller", kind=Kind.GROUP, fields=(part.spec,)), parts=(part,))
    assert answer([group], Printed(read_marks(draft.lines[0]), {})) == {"seller": {"name": "ACME"}}


def test_options_are_worded_anew_and_answered_in_those_words() -> None:
    draft = Draft()
    draft.add(draft.state(CONCEPTS["sex"], "F", "female"))
    printed, seen = Printed(read_marks(draft.lines[0]), {}), set()
    for seed in range(60):
        one = field(Leaf(CONCEPTS["sex"], draft.facts["sex"], "sex"), Author(Random(seed)), "sex")
        value = answer([one], printed)[one.spec.name]
        assert value in one.spec.options
        seen.add(value)
    assert {"female", "FEMALE", "weiblich"} <= seen


def test_one_column_of_rows_may_be_asked_as_a_list_of_values() -> None:
    draft = Draft()
    rows = [{"description": draft.mark(name), "amount": draft.mark("1.00")} for name in ("tea", "milk")]
    fact = Fact(LINE_ITEMS, rows)
    text = "\n".join(marked for row in rows for marked in row.values())
    asked = [field(Leaf(LINE_ITEMS, fact, "items"), Author(Random(seed)), "items") for seed in range(200)]
    answers = [answer([one], Printed(read_marks(text), {}))[one.spec.name] for one in asked if one.spec.many]
    assert ["tea", "milk"] in answers


def _shown(*stated: str, text: str, repertoire: tuple[str, ...] = ()) -> Shown:
    draft = Draft()
    draft.add(*(draft.state(CONCEPTS[name], f"value {name}") for name in stated))
    page = "\n".join([*map(bare, draft.lines), text])
    return Shown(draft.facts, set(stated), page, repertoire, ("apple", "river", "stone"))


def test_a_far_stranger_shares_no_word_with_the_page_and_no_meaning_with_its_facts() -> None:
    known = [CONCEPTS["seller"], CONCEPTS["date"]]
    found: set[str] = set()
    for seed in range(200):
        for concept in strangers.far(known, "Our IBAN is printed here, so is the purchase order", Random(seed), 5):
            found.add(concept.name)
            assert not any(is_generic(key) for key in concept.keys)
    assert len(found) > 20
    assert not found & {"seller", "date", "iban", "order_number"}


def test_a_near_stranger_is_of_the_same_kind_of_document() -> None:
    found = strangers.near(("due_date", "issue_date", "seller"), [CONCEPTS["seller"]], Random(1), 5)
    assert [concept.name for concept in found] == ["due_date"] or {c.name for c in found} <= {"due_date", "issue_date"}
    assert found


def test_a_key_that_two_facts_share_is_described() -> None:
    date, due = (Concept(n, Kind.DATE, ("date",), (f"the day of {n}",), alike=("date",)) for n in ("issue", "due"))
    draft = Draft()
    draft.add(draft.state(date, "1 May"), draft.state(due, "2 May"))
    shown = Shown(draft.facts, {"issue", "due"}, "", (), ("apple",))
    for seed in range(50):
        asked = ask_at_random(shown, Author(Random(seed), described=0.0, foreign=0.0), absent=False)
        assert all(part.spec.description for one in asked for part in (one.parts or (one,)))


def test_what_lies_outside_of_the_window_is_asked_for_and_absent() -> None:
    shown = _shown("seller", "phone", "email", text="")
    inside = Shown(shown.facts, {"seller"}, shown.text, (), shown.words)
    asked = [one.fact.concept.name for s in range(100) for one in ask_at_random(inside, Author(Random(s))) if one.fact]
    assert Counter(asked)["phone"] > 5
    assert Counter(asked)["seller"] > Counter(asked)["phone"]


def test_a_shipped_type_is_asked_in_its_order() -> None:
    assert [one.spec for one in ask_shipped("invoice", {})] == list(shipped_type("invoice").fields)


@pytest.mark.parametrize("writer", SHIPPED)
def test_about_a_third_is_asked_for_the_shipped_type(writer: str, pools: Pools) -> None:
    shares = [sample.shipped for sample in islice(samples(Order({writer: 1.0}), pools, 4), 200)]
    assert 0.2 < sum(shares) / 200 < 0.45
    assert writer in WRITERS
