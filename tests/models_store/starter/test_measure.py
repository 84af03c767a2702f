from __future__ import annotations

from models_store.starter.measure import compare


def test_equal_answers_are_right_everywhere() -> None:
    truth = {"total": "5.00", "tax": None, "rows": [{"name": "Tea", "amount": "5.00"}], "drugs": ["a"], "none": []}
    assert all(right for _, right in compare(truth, truth))
    assert len(list(compare(truth, truth))) == 6


def test_a_missing_row_is_wrong_in_every_cell() -> None:
    truth = {"rows": [{"name": "Tea", "amount": None}]}
    assert list(compare(truth, {"rows": []})) == [("rows.name", False), ("rows.amount", False)]


def test_a_row_too_many_is_wrong() -> None:
    assert list(compare({"rows": []}, {"rows": [{"name": None}]})) == [("rows.name", False), ("rows", False)]


def test_an_answer_that_did_not_end_is_wrong() -> None:
    assert list(compare({"total": None, "drugs": []}, {})) == [("total", False), ("drugs", False)]
