"""Reading a folder of sets, and cutting it into parts to learn from and to be asked about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bench.accuracy.ask import ModelAnswers, ask_all
from bench.accuracy.cases import Case, is_there, read_cases
from bench.accuracy.gold import Gold
from bench.accuracy.own_documents import own_cases
from bench.accuracy.parts import cut, parts_of
from bench.accuracy.regex_floor import RegexFloor
from bench.accuracy.sets import FACTORY, SETS, LabelledSet, chosen, is_taught
from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.text_document import document_from_text
from models_store.card import ModelCard
from models_store.starter.factory.pools import build_pools
from tests.extraction.fakes import scripted

SCHEMA = {"title": "slip", "type": "object", "properties": {"company": {"type": "string"}, "paid": {"type": "string"}}}
SET = LabelledSet("slips", "Slips", "slips", group="company", skipped=frozenset({"paid"}), date_order="MDY")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "slips"
    root.mkdir()
    (root / "schema.json").write_text(json.dumps(SCHEMA))
    labels = [_label(root, number) for number in range(4)]
    (root / "dev.jsonl").write_text("\n".join(map(json.dumps, labels)))
    return tmp_path


def _label(root: Path, number: int) -> dict[str, object]:
    (root / f"{number}.txt").write_text(f"Company {number}\nTotal 1.00")
    scan = f"{number}.png" if number == 3 else None
    fields = {"company": f"Company {number}", "paid": "1.00"}
    return {"id": f"s{number}", "text_file": f"{number}.txt", "image_file": scan, "fields": fields}


def test_a_folder_is_read_as_cases(folder: Path) -> None:
    cases = read_cases(SET, folder)
    assert {case.id for case in cases} == {"s0", "s1", "s2", "s3"}
    assert all(case.gold.printed == {"company": case.group} for case in cases)
    assert cases[0].document_type.date_order == "MDY"
    assert cases[0].read().flat_text.startswith("Company")


def test_a_set_may_need_a_key(folder: Path) -> None:
    assert [case.id for case in read_cases(replace(SET, needs="image_file"), folder)] == ["s3"]


def test_a_set_that_is_not_there(folder: Path) -> None:
    assert is_there(SET, folder)
    assert not is_there(replace(SET, folder="others"), folder)
    assert not is_there(SET, None)


def test_sets_are_chosen_by_name() -> None:
    assert [one.name for one in chosen("ccda, sroie")] == ["ccda", "sroie"]
    assert chosen("") == SETS
    with pytest.raises(ValueError, match="zugferd-pdf"):
        chosen("nothing")


def test_own_documents_are_the_same_each_time() -> None:
    pools = build_pools(("en_US",), share=0.02)
    first, again = own_cases(2, pools), own_cases(2, pools)
    assert [(case.id, case.gold) for case in first] == [(case.id, case.gold) for case in again]
    assert {len([c for c in first if c.group == case.group]) for case in first} == {2}
    assert all(case.read().flat_text for case in first)
    assert FACTORY in {one.name for one in SETS}


def _cases(groups: Sequence[str]) -> list[Case]:
    document_type = DocumentTypeSpec(name="slip", fields=(FieldSpec(name="company"),))
    return [
        Case(f"{n}", group, document_type, Gold({"company": group}, {}), partial(document_from_text, group))
        for n, group in enumerate(groups)
    ]


def test_held_out_senders_are_in_no_other_part() -> None:
    cases = _cases([f"Firm{n % 10} Ltd" for n in range(60)])
    parts = cut(cases, 0.3)
    unseen = {case.group for case in parts.unseen}
    assert 12 <= len(parts.unseen) <= 24
    assert not unseen & {case.group for case in (*parts.train, *parts.known)}
    assert {case.group for case in parts.known} <= {case.group for case in parts.train}
    assert parts.known
    ids = [case.id for part in (parts.train, parts.known, parts.unseen) for case in part]
    assert sorted(ids) == sorted(case.id for case in cases)


def test_a_sender_with_one_document_is_never_a_known_one() -> None:
    assert cut(_cases([f"firm{n}" for n in range(20)]), 0.3).known == []


def test_floor_and_model_answer_the_same_documents() -> None:
    told: list[int] = []
    cases = _cases(["ACME", "ACME"])
    ways = {"floor": RegexFloor("any"), "zero_shot": ModelAnswers(scripted({"company": "ACME"}))}
    found = ask_all(cases, ways, loose=frozenset(), told=told.append)
    assert told == [1, 2]
    assert found["zero_shot"]["f1"] == 1.0
    assert (found["zero_shot"]["verbatim"], found["zero_shot"]["schema_valid"]) == (1.0, 1.0)
    assert found["zero_shot"]["model"] == "fake"
    assert found["floor"]["documents"] == 2
    assert "verbatim" not in found["floor"]


def test_a_set_in_another_form_is_cut_as_its_parent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.accuracy.parts.SETS", (SET,))
    whole = parts_of(replace(SET, unseen_share=0.5), folder)
    monkeypatch.setattr("bench.accuracy.parts.SETS", (replace(SET, unseen_share=0.5),))
    scans = parts_of(replace(SET, name="scans", parent="slips", needs="image_file"), folder)
    assert [case.id for part in (scans.train, scans.known, scans.unseen) for case in part] == ["s3"]
    assert ("s3" in [case.id for case in whole.unseen]) == bool(scans.unseen)


def test_a_card_says_what_taught() -> None:
    sroie, scans = next(one for one in SETS if one.name == "sroie"), next(one for one in SETS if one.parent == "sroie")
    card = ModelCard.model_validate({"digest": "0" * 64, "name": "m", "context_tokens": 8})
    taught = ModelCard.model_validate(card.model_dump() | {"training": {"labelled": {"samples": {sroie.credit: 3}}}})
    assert (is_taught(sroie, taught), is_taught(scans, taught), is_taught(sroie, card)) == (True, True, False)
