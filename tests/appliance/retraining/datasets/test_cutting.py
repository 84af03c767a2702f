"""Duplicates, parts and weights, without a database: what is in a snapshot and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.retraining.datasets import weights
from appliance.retraining.datasets.candidates import Candidate, sender_field_of
from appliance.retraining.datasets.cutting import Cut, Options, cut, leaks
from appliance.retraining.datasets.likeness import near_pairs, sketch_of
from appliance.retraining.datasets.parts import Earlier
from appliance.retraining.datasets.printed import sha256_of
from appliance.retraining.models import Part, Source
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.shipped_types import shipped_types

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def words(number: int, count: int = 60) -> str:
    random = Random(number)
    return " ".join(f"w{random.randrange(5000)}" for _ in range(count))


def candidate(number: int, *, sender: str = "", person: int | None = 1, text: str = "", **more: Any) -> Candidate:
    text = text or words(number)
    made = Candidate(
        key=f"d{number:04d}",
        source=Source.REVIEW,
        original=sha256_of(f"file {number}"),
        text_sha256=sha256_of(text),
        sketch=sketch_of(text),
        labelled_at=BEGIN + timedelta(minutes=number),
        fields={"total": str(number)},
        spans={"total": [0, 2]},
        sender=sender,
        person=person,
    )
    return replace(made, **more)


def of_senders(count: int, senders: int, first: int = 0) -> list[Candidate]:
    return [candidate(at, sender=f"sender {at % senders}") for at in range(first, first + count)]


MORE = [candidate(100 + at, sender=f"firm {at % 30}") for at in range(90)]
DEFAULTS, NOTHING = Options(), Earlier()


def cut_of(candidates: Sequence[Candidate], options: Options = DEFAULTS, earlier: Earlier = NOTHING) -> Cut:
    return cut(candidates, options, earlier=earlier, seed="invoice")


def places_in(found: Cut) -> Earlier:
    senders: dict[str, set[Part]] = {}
    for entry in found.entries:
        senders.setdefault(entry.candidate.sender, set()).add(entry.part)
    originals = {entry.candidate.original: entry.part for entry in found.entries}
    return Earlier(originals, {sender: frozenset(parts) for sender, parts in senders.items()})


def parts_of(found: Cut) -> dict[str, Part]:
    return {entry.candidate.key: entry.part for entry in found.entries}


def test_same_candidates_give_the_same_cut_in_any_order() -> None:
    candidates = of_senders(40, 8)
    shuffled = list(candidates)
    Random(1).shuffle(shuffled)

    assert cut_of(candidates) == cut_of(shuffled)


def test_parts_have_about_their_shares_and_share_no_sender() -> None:
    found = cut_of(of_senders(200, 40))
    sizes = Counter(entry.part for entry in found.entries)

    assert found.split_by == "sender"
    assert (sizes[Part.TEST], sizes[Part.CALIBRATION], sizes[Part.TRAIN]) == (40, 20, 140)
    assert leaks(found.entries) == {"originals": 0, "texts": 0, "near": 0, "senders": 0}


def test_control_a_leak_is_counted() -> None:
    entries = cut_of(of_senders(30, 10)).entries
    first = next(entry for entry in entries if entry.part == Part.TRAIN)
    leaking = (*entries, replace(first, part=Part.TEST, candidate=replace(first.candidate, key="twin")))

    assert leaks(leaking) == {"originals": 1, "texts": 1, "near": 1, "senders": 1}


def test_part_of_a_document_stays_when_more_come() -> None:
    first = cut_of(of_senders(40, 8))
    second = cut_of([*of_senders(40, 8), *MORE], earlier=places_in(first))

    then = parts_of(second)
    assert {key: then[key] for key in parts_of(first)} == parts_of(first)
    assert leaks(second.entries)["senders"] == 0
    assert Counter(then.values())[Part.TEST] == pytest.approx(26, abs=5)


def test_control_without_what_was_before_documents_would_move() -> None:
    first, second = parts_of(cut_of(of_senders(40, 8))), parts_of(cut_of([*of_senders(40, 8), *MORE]))

    assert {key: second[key] for key in first} != first


def test_five_documents_of_one_sender_leave_one_to_measure() -> None:
    found = cut_of(of_senders(5, 1))

    assert found.split_by == "document"
    assert Counter(entry.part for entry in found.entries) == {Part.TEST: 1, Part.TRAIN: 4}


def test_sender_that_was_split_by_document_once_trains_from_then_on() -> None:
    first = cut_of(of_senders(20, 2))
    later = [*of_senders(20, 2), *(candidate(100 + at, sender=f"sender {at % 12}") for at in range(60))]
    second = cut_of(later, earlier=places_in(first))

    assert second.split_by == "sender"
    new = [entry for entry in second.entries if entry.candidate.key >= "d0100"]
    assert {e.part for e in new if e.candidate.sender in ("sender 0", "sender 1")} == {Part.TRAIN}
    assert Part.TEST in {e.part for e in new}


def test_same_text_is_kept_once_and_the_placed_one_of_them() -> None:
    old, new = candidate(1, text="one two three four"), candidate(2, text="one two three four")
    others = of_senders(10, 10, first=10)
    earlier = Earlier({new.original: Part.TEST})

    found = cut_of([old, new, *others], earlier=earlier)

    assert found.left_out == {"same_text": 1}
    assert parts_of(found)["d0002"] == Part.TEST
    assert "d0001" not in parts_of(found)


def test_rescan_with_misread_words_is_left_out_and_a_form_with_other_values_is_not() -> None:
    text = words(1, 200).split()
    rescan = " ".join([*text[:100], "m1sread", *text[101:]])
    base = candidate(1, text=" ".join(text), sender="a")
    copy = candidate(2, text=rescan, sender="a", fields=base.fields)
    form = candidate(3, text=" ".join(w if at % 8 else f"value{at}" for at, w in enumerate(text)), sender="a")

    found = cut_of([base, copy, form, *of_senders(10, 10, first=10)])

    assert found.left_out == {"nearly_same": 1}
    assert {"d0001", "d0003"} <= parts_of(found).keys()


def test_text_that_is_nearly_a_test_text_does_not_train() -> None:
    text = words(1, 200)
    said = {"total": "1", "date": "2026-01-01", "number": "R1"}
    test = candidate(1, text=text, sender="a", fields=said)
    echo = candidate(2, text=f"{text} copy", sender="b", fields={**said, "total": "7"})
    earlier = Earlier({test.original: Part.TEST, echo.original: Part.TRAIN})

    found = cut_of([test, echo, *of_senders(10, 10, first=10)], earlier=earlier)

    assert found.left_out == {"like_a_test": 1}
    assert parts_of(found)["d0001"] == Part.TEST
    assert "d0002" not in parts_of(found)


def test_document_without_an_answer_teaches_nothing() -> None:
    found = cut_of([candidate(1, fields={}), *of_senders(6, 6, first=10)])

    assert found.left_out == {"nothing_to_learn": 1}


def test_person_above_the_share_counts_less_and_the_others_whole() -> None:
    many = [candidate(at, sender=f"s{at}", person=1 if at < 30 else 2) for at in range(50)]
    found = cut_of(many, Options(person_share=0.5, sender_share=1.0))
    train = [entry for entry in found.entries if entry.part == Part.TRAIN]
    share = weights.shares([e.candidate.person for e in train], [e.weight for e in train])

    assert share[1] == pytest.approx(0.5, abs=0.01)
    assert {e.weight for e in train if e.candidate.person == 2} == {1.0}
    assert {e.weight for e in found.entries if e.part != Part.TRAIN} == {1.0}


def test_control_one_person_alone_is_not_lowered() -> None:
    assert {entry.weight for entry in cut_of(of_senders(30, 10)).entries} == {1.0}


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=60),
    st.floats(0.1, 1.0),
)
def test_no_key_has_more_than_its_share_unless_the_least_weight_forbids_it(keys: list[int], share: float) -> None:
    found = weights.capped(keys, [1.0] * len(keys), share=share)
    allowed = max(share, 1 / len(set(keys)))

    assert all(weights.LEAST <= weight <= 1.0 for weight in found)
    if weights.LEAST not in found:
        assert max(weights.shares(keys, found).values()) <= allowed + 1e-6


def test_sketches_estimate_what_texts_have_in_common() -> None:
    text = words(5, 400).split()
    changed = {
        share: " ".join(w if at % 100 >= share else f"x{at}" for at, w in enumerate(text)) for share in (1, 3, 30)
    }
    sketches = {"text": sketch_of(" ".join(text)), **{str(k): sketch_of(v) for k, v in changed.items()}}

    assert {pair for pair in near_pairs(sketches) if "text" in pair} == {("text", "1"), ("text", "3")}


@pytest.mark.parametrize("text", ["", "one", "one two", "¿?"], ids=["empty", "one word", "two words", "no words"])
def test_short_texts_have_sketches_too(text: str) -> None:
    assert list(near_pairs({"a": sketch_of(text), "b": sketch_of(text), "c": sketch_of("else where now")})) == [
        ("a", "b")
    ]


def test_sender_field_is_found_in_the_types_that_ship() -> None:
    found = {spec.name: sender_field_of(spec) for spec in shipped_types()}

    assert found == {
        "contract": "party_a",
        "discharge_summary": "",
        "invoice": "seller_name",
        "lab_report": "laboratory",
        "receipt": "company",
    }


def test_sender_field_is_found_inside_of_a_group() -> None:
    seller = FieldSpec(name="seller", kind=Kind.GROUP, fields=(FieldSpec(name="name"), FieldSpec(name="town")))

    assert sender_field_of(DocumentTypeSpec(name="t", fields=(FieldSpec(name="buyer"), seller))) == "seller.name"


def test_control_one_form_filled_in_twice_trains_and_measures() -> None:
    text = words(1, 200)
    first = candidate(1, text=text, sender="a", fields={"total": "1", "name": "Ann", "currency": "EUR"})
    second = candidate(2, text=f"{text} 2", sender="b", fields={"total": "2", "name": "Bob", "currency": "EUR"})
    earlier = Earlier({first.original: Part.TEST, second.original: Part.TRAIN})

    found = cut_of([first, second, *of_senders(10, 10, first=10)], earlier=earlier)

    assert found.left_out == {}
    assert leaks(found.entries)["near"] == 0
