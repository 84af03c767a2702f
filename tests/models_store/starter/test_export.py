"""What an export tells on the card."""

from __future__ import annotations

from models_store.starter.export import card_scores

EXAMS = {
    "drill": {"values_right": 0.7, "values": 10, "nulls_right": 0.0, "nulls": 0},
    "shipped types": {"values_right": 0.85844, "values": 770, "nulls_right": 0.93975, "nulls": 166},
    "random schemas": {"values_right": 0.5, "values": 4, "nulls_right": 0.0, "nulls": 0},
}


def test_card_scores_tell_value_and_n_by_measure_and_leave_drills_out() -> None:
    assert card_scores(EXAMS) == {
        "values right, shipped types": {"value": 0.858, "n": 770},
        "values right, random schemas": {"value": 0.5, "n": 4},
        "nulls right, shipped types": {"value": 0.94, "n": 166},
    }
