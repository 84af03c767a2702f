from __future__ import annotations

import json

import pytest

from appliance.audit.dossier.comparing import (
    Comparison,
    Place,
    ValueDifference,
    first_parting,
    pages_changed,
    path_at,
    value_differences,
)
from extraction.transcript import Turn

ANSWER = b'{"company":"ACME \\"Ltd\\"","items":[{"amount":"1.50"},{"amount":"2.50"}],"notes":["a","b"],"total":null}'


def turn(answer: bytes = ANSWER, *, question: str = "q", with_tokens: bool = True) -> Turn:
    """A token is a byte."""
    tokens = tuple(answer) if with_tokens else ()
    return Turn(question, answer, True, tokens, tuple(range(1, len(tokens) + 1)))


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (b"ACME", "company"),
        (b"Ltd", "company"),
        (b"1.50", "items[0].amount"),
        (b"2.50", "items[1].amount"),
        (b'"b"', "notes[1]"),
        (b"null", "total"),
    ],
)
def test_path_of_a_byte_is_that_of_its_value(words: bytes, path: str) -> None:
    assert path_at(ANSWER, ANSWER.index(words)) == path


@pytest.mark.parametrize("cut", range(len(ANSWER)))
def test_path_can_be_asked_at_any_byte_of_any_beginning(cut: int) -> None:
    assert isinstance(path_at(ANSWER[:cut], cut), str)


def test_equal_runs_part_nowhere() -> None:
    assert first_parting([turn(), turn(b'{"a":1}')], [turn(), turn(b'{"a":1}')]) is None


def test_first_different_token_is_named_with_its_field() -> None:
    now = ANSWER.replace(b"2.50", b"2.80")
    place = first_parting([turn(), turn()], [turn(), turn(now)])

    assert place == Place(
        2, ANSWER.index(b"2.50") + 3, "items[1].amount", '50"}],"notes":["a","b"],"total":null}', place.now
    )
    assert place.now.startswith('80"}')


def test_answers_without_tokens_are_compared_by_their_bytes() -> None:
    then, now = turn(with_tokens=False), turn(ANSWER.replace(b"1.50", b"1.60"), with_tokens=False)
    place = first_parting([then], [now])

    assert (place.token, place.field) == (0, "items[0].amount")
    assert first_parting([then], [then]) is None


def test_same_bytes_by_other_tokens_are_a_difference() -> None:
    joined = Turn("q", b'{"a":1}', True, (9,), (7,))

    assert first_parting([turn(b'{"a":1}')], [joined]).token == 1


def test_answer_that_goes_on_parts_where_the_shorter_one_ends() -> None:
    cut = ANSWER.index(b"2.50")
    place = first_parting([turn(ANSWER[:cut])], [turn()])

    assert (place.token, place.field, place.then) == (cut + 1, "items[1].amount", "")


def test_other_question_is_told_as_such() -> None:
    place = first_parting([turn()], [turn(question="another")])

    assert (place.question, place.asked_differently) == (1, True)


def test_question_too_many_and_one_too_few_are_told() -> None:
    assert first_parting([turn()], [turn(), turn()]).question == 2
    assert first_parting([turn(), turn()], [turn()]).question == 2


def test_values_are_listed_that_differ_appear_or_are_gone() -> None:
    then = {"company": ("ACME", ""), "total": ("12,50", "12.50"), "gone": ("x", "")}
    now = {"company": ("ACME", ""), "total": (None, ""), "new": ("y", "")}

    assert value_differences(then, now) == (
        ValueDifference("total", "12,50 (12.50)", "not in the document"),
        ValueDifference("gone", "x", None),
        ValueDifference("new", None, "y"),
    )
    assert value_differences(then, then) == ()


def test_changed_pages_are_numbered() -> None:
    assert pages_changed(["a", "b", "c"], ["a", "x"]) == (2, 3)
    assert pages_changed(["a"], ["a"]) == ()
    assert pages_changed([], ["a"]) == ()


def test_report_goes_through_json() -> None:
    comparison = Comparison(Place(1, 2, "total", "a", "b"), (ValueDifference("total", "1", None),), (3,))

    assert json.loads(json.dumps(comparison.as_json()))["place"]["field"] == "total"
    assert not comparison.is_equal
    assert Comparison(None).is_equal
