"""Contracts, letters and papers: values deep in prose, beside others of the same kind."""

from __future__ import annotations

from random import Random

import pytest

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import bare, read_marks, resolve
from models_store.starter.factory.legal import WRITERS
from models_store.starter.factory.legal.deal import BOOKS, CORE
from models_store.starter.factory.legal.papers.stationery import PAPERS
from models_store.starter.factory.legal.phrases import Pattern, Patterns, pattern, patterns
from models_store.starter.factory.legal.tongue import LANGUAGES, Tongue, in_words, nominative
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.values import Values
from models_store.starter.factory.wordings import CONCEPTS, LISTS

DOCUMENTS = 150
OURS = frozenset(
    {"A", "B", "A_full", "B_full", "agr", "made", "title_word", "TITLE", "purpose", "value_noun", "value_noun_a"}
    | {"full", "role", "n", "h", "t", "s", "p", "q", "p2", "ref", "meeting_decision"}
)
SIDED = ("party", "home", "address", "seat", "registration", "representative", "birth")


def _desks(pools: Pools, writer: str, size: int = 1, count: int = DOCUMENTS) -> list[Desk]:
    random, desks = Random(8), []
    for _ in range(count):
        desk = Desk(pools, random, size=size)
        WRITERS[writer](desk)
        desks.append(desk)
    return desks


def _texts(pools: Pools, writer: str, size: int = 1, count: int = DOCUMENTS) -> list[str]:
    return [bare("\n".join(desk.draft.lines)) for desk in _desks(pools, writer, size, count)]


def test_a_pattern_holds_alternatives_and_slots() -> None:
    made = pattern("[This|The {a}[ or {b}|]] is {c^}[, {d's} too|].")
    assert made.needs == {"a", "b", "c", "d"}
    drawn = {made.write(lambda name: name.upper(), Random(seed)) for seed in range(60)}
    assert {"This is C^.", "The A or B is C^, D'S too."} <= drawn


@pytest.mark.parametrize("text", ["[open", "a|b", "closed]", "[a|b]]"])
def test_brackets_must_match(text: str) -> None:
    with pytest.raises(ValueError, match="brackets"):
        pattern(text)


def test_a_side_without_patterns_takes_the_other() -> None:
    few = patterns(["only one"])
    assert few.side(held_out=True) == few.side(held_out=False)


def _leaves(table: object) -> list[Pattern]:
    if isinstance(table, Patterns):
        return [*table.trained, *table.kept]
    return [made for inner in table.values() for made in _leaves(inner)] if isinstance(table, dict) else []


@pytest.mark.parametrize("language", sorted({*BOOKS, *PAPERS}))
def test_every_slot_of_every_pattern_can_be_filled(language: str, pools: Pools) -> None:
    fresh = set(_fresh(pools))
    known = {*CONCEPTS, *OURS, *SIDED, "title"} | fresh
    for made in [*_leaves(BOOKS.get(language, {})), *_leaves(PAPERS.get(language, {}))]:
        assert made.needs <= known, made.needs - known


def _fresh(pools: Pools) -> list[str]:
    from models_store.starter.factory.legal.scene import Scene

    return list(Scene(Desk(pools, Random(1)), "en")._fresh)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_book_tells_every_value_of_a_contract(language: str) -> None:
    core = BOOKS[language]["core"]
    for name in CORE:
        ways = _leaves(core[name])
        assert len(ways) >= (10 if language == "en" else 5), name
        assert all(name in way.needs for way in ways), name
    assert set(BOOKS[language]["filler"]) <= set(BOOKS[language]["heads"])


def test_what_a_contract_does_not_tell_is_not_printed(pools: Pools) -> None:
    absent = dict.fromkeys(CORE, 0)
    for desk in _desks(pools, "contract"):
        printed = read_marks("\n".join(desk.draft.lines))
        for name in CORE:
            fact = desk.draft.facts.get(name)
            absent[name] += fact is None or not isinstance(fact.value, str) or resolve(fact.value, printed) is None
    assert all(0.05 < count / DOCUMENTS < 0.85 for count in absent.values()), absent


def test_a_place_of_jurisdiction_is_no_governing_law(pools: Pools) -> None:
    lonely = 0
    for desk in _desks(pools, "contract", count=200):
        printed = read_marks("\n".join(desk.draft.lines))
        told = {name: resolve(str(desk.draft.facts[name].value), printed) for name in CORE if name in desk.draft.facts}
        lonely += bool(told.get("venue")) and not told.get("governing_law")
    assert lonely > 10


def test_contracts_come_in_four_languages(pools: Pools) -> None:
    texts = _texts(pools, "contract")
    for word in ("between", "zwischen", "entre ", "de una parte"):
        assert any(word in text.casefold() for text in texts), word


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_longer_sizes_are_longer(writer: str, pools: Pools) -> None:
    short, long = (sum(map(len, _texts(pools, writer, size, 40))) for size in (0, 3))
    assert long > 1.5 * short


def test_the_longest_contracts_have_many_clauses(pools: Pools) -> None:
    lengths = sorted(len(text) for text in _texts(pools, "contract", 3, 40))
    assert lengths[0] > 1_500
    assert lengths[-1] > 7_000


def test_both_parties_are_one_list_too(pools: Pools) -> None:
    for desk in _desks(pools, "contract", count=30):
        parties = desk.draft.facts["contract_parties"]
        assert parties.concept is LISTS["contract_parties"]
        assert [desk.draft.facts[f"party_{side}"].value for side in "ab"] == parties.value


def test_quoted_mails_answer_nothing(pools: Pools) -> None:
    for desk in _desks(pools, "memo_mail", size=2):
        text = "\n".join(desk.draft.lines)
        quoted = text.partition("-----Original Message-----")[2]
        assert not read_marks(quoted)


@pytest.mark.parametrize(
    ("number", "words"),
    [(25_300, "twenty-five thousand three hundred"), (17, "seventeen"), (2_000_040, "two million forty")],
)
def test_amounts_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_german_periods_have_cases() -> None:
    assert nominative("drei (3) Monaten") == "drei (3) Monate"
    assert nominative("ein Jahr") == "ein Jahr"


def test_the_words_before_a_value_are_not_the_value(pools: Pools) -> None:
    tongue = Tongue("en", Values(pools, Random(3)), Random(3))
    laws = [tongue.law() for _ in range(200)]
    assert not any(value.startswith(("the ", "State of Delaware")) for _, value in laws)
    assert any(before.endswith("State of ") for before, _ in laws)
