"""Clinical papers say what their answers claim, and answer nothing where they say nothing."""

from __future__ import annotations

import re
from random import Random

import pytest

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Draft, Row, bare, read_marks, resolve
from models_store.starter.factory.medical import WRITERS
from models_store.starter.factory.medical.dates import Dates, Day
from models_store.starter.factory.medical.people import SEX_CONCEPTS
from models_store.starter.factory.pools import WORDS, Pools
from models_store.starter.factory.wordings import is_held_out

DOCUMENTS = 40
NEUTRAL = re.compile(r"\b((?i:she|he|her|his|him|female|male|woman|man|lady|gentleman|girl|boy)|Mrs?|Ms|Miss)\b")


def _drafts(writer: str, pools: Pools, *, size: int = 1, count: int = DOCUMENTS) -> list[Draft]:
    random = Random(11)
    drafts = []
    for _ in range(count):
        desk = Desk(pools, random, size=size)
        WRITERS[writer](desk)
        drafts.append(desk.draft)
    return drafts


def _text(draft: Draft) -> str:
    return "\n".join(draft.lines)


def _said(draft: Draft, concept: str) -> str | None:
    """The value on the page; None where the concept is not said."""
    fact = draft.facts.get(concept)
    printed = read_marks(_text(draft))
    return next((value for marked in (fact.statements() if fact else ()) if (value := resolve(marked, printed))), None)


def _values(draft: Draft, concept: str) -> list[str]:
    fact = draft.facts.get(concept)
    printed = read_marks(_text(draft))
    items: list[str | Row] = list(fact.value) if fact and not isinstance(fact.value, str) else []
    return [value for item in items if isinstance(item, str) and (value := resolve(item, printed))]


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_every_stated_value_is_printed(writer: str, pools: Pools) -> None:
    for draft in _drafts(writer, pools, count=25):
        printed = read_marks(_text(draft))
        missing = [name for name, fact in draft.facts.items() if not any(mark in printed for mark in fact.marks())]
        assert missing == []


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_documents_grow_with_their_size(writer: str, pools: Pools) -> None:
    short, long = (
        sum(len(bare(_text(draft))) for draft in _drafts(writer, pools, size=size, count=12)) for size in (0, 3)
    )
    assert long > 1.4 * short


def test_half_of_the_notes_lack_two_or_more_of_name_age_and_sex(pools: Pools) -> None:
    drafts = _drafts("visit_note", pools, count=120)
    asked = ("patient_first_name", "patient_family_name", "age")
    lacking = []
    for draft in drafts:
        nothing = sum(_said(draft, name) is None for name in asked)
        lacking.append(nothing + (not any(_said(draft, name) for name in SEX_CONCEPTS)))
    assert 0.4 < sum(count >= 2 for count in lacking) / len(drafts) < 0.9
    assert sum(count == 0 for count in lacking) > 5


def test_a_note_without_a_sex_has_no_word_that_tells_it(pools: Pools) -> None:
    silent = [d for d in _drafts("visit_note", pools, count=120) if not any(_said(d, name) for name in SEX_CONCEPTS)]
    assert len(silent) > 4
    assert [found for draft in silent if (found := NEUTRAL.findall(bare(_text(draft))))] == []


def test_control_a_word_that_tells_the_sex_is_seen() -> None:
    assert NEUTRAL.findall("The patient says that her knee hurts") == ["her"]


def test_a_family_name_alone_leaves_the_first_name_null(pools: Pools) -> None:
    drafts = _drafts("visit_note", pools, count=120)
    alone = [d for d in drafts if _said(d, "patient_family_name") and not _said(d, "patient_first_name")]
    assert len(alone) > 10
    assert all(_said(draft, "patient") is None for draft in alone)


@pytest.mark.parametrize("concept", ["problems", "current_medications", "allergies", "procedures", "immunizations"])
def test_lists_of_a_summary_are_empty_at_times_and_long_at_times(concept: str, pools: Pools) -> None:
    stated = [d for d in _drafts("clinical_summary", pools, size=2, count=60) if concept in d.facts]
    lengths = [len(_values(draft, concept)) for draft in stated]
    assert 0 in lengths
    assert max(lengths) >= 5


def test_the_date_of_a_document_is_marked_without_its_time(pools: Pools) -> None:
    dates = [_said(draft, "document_date") for draft in _drafts("clinical_summary", pools, count=80)]
    assert not any(":" in date for date in dates if date)
    assert sum(date is not None for date in dates) > 50


def test_flags_of_results_are_closed(pools: Pools) -> None:
    meanings = {option for draft in _drafts("lab_report", pools) for option in draft.options.values()}
    assert meanings == {"high", "low", "normal"}


@pytest.mark.parametrize(
    ("style", "printed"),
    [("{dd}/{mm}/{y}", "05/01/1947"), ("{en} {d}, {y}", "January 5, 1947"), ("{d}. {de} {y}", "5. Januar 1947")],
)
def test_a_day_is_printed_in_the_given_style(style: str, printed: str) -> None:
    assert Dates(Random(1)).show(Day(1947, 1, 5), style) == printed


def test_later_stages_of_a_paper_never_go_back() -> None:
    for seed in range(200):
        dates = Dates(Random(seed))
        stages = [dates.later(step) for step in range(4)]
        assert stages == sorted(stages, key=lambda day: (day.year, day.month, day.day))


def test_word_lists_are_large_and_without_twins() -> None:
    least = {"conditions": 250, "drugs": 200, "tests": 120, "allergens": 60, "procedures": 80}
    for name, count in least.items():
        words = WORDS[f"clinic_{name}"]
        assert len(words) == len(set(words)) >= count


def test_held_out_history_sentences_exist() -> None:
    for name in ("note_history_of", "note_opening_presents", "clinic_no_allergies", "paper_requests"):
        share = sum(map(is_held_out, WORDS[name])) / len(WORDS[name])
        assert 0 < share < 0.6, name
