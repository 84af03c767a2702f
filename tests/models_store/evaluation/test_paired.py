"""Two models on the same documents."""

from __future__ import annotations

import numpy as np
import pytest

from models_store.evaluation.paired import NotComparable, compare, mcnemar, retention, sign_flip
from models_store.evaluation.records import Evaluation
from tests.models_store.evaluation.outcomes import document, evaluation, value, with_right


@pytest.mark.parametrize(
    ("won", "lost", "p_worse", "p"),
    [
        pytest.param(0, 0, 1.0, 1.0, id="no difference"),
        pytest.param(0, 5, 1 / 32, 2 / 32, id="five losses"),
        pytest.param(5, 0, 1.0, 2 / 32, id="five wins"),
        pytest.param(1, 12, 14 / 2**13, 28 / 2**13, id="twelve to one"),
        pytest.param(3, 3, 42 / 64, 1.0, id="even"),
    ],
)
def test_mcnemar_against_counting(won: int, lost: int, p_worse: float, p: float) -> None:
    assert mcnemar(won, lost) == pytest.approx((p_worse, p))


def test_signs_are_flipped_by_document() -> None:
    assert sign_flip(np.array([1.0] * 8)) == pytest.approx(1 / 256, abs=0.003)
    assert sign_flip(np.array([4.0, -4.0])) == pytest.approx(0.75, abs=0.02)
    assert sign_flip(np.zeros(9)) == 1.0
    assert sign_flip(np.array([-1.0] * 8)) == pytest.approx(1.0)


def test_many_values_of_one_document_are_one_witness() -> None:
    """Control: by value, twenty losses in one document would be a certainty."""
    fields = [f"f{n}" for n in range(20)]
    before = evaluation([dict.fromkeys(fields, False)] + [dict.fromkeys(fields, True)] * 9)
    now = evaluation([dict.fromkeys(fields, True)] * 10)
    found = compare(before, now)
    assert found.overall.won == 20
    assert found.overall.p < 0.001
    assert found.p_not_better > 0.4


def test_wins_and_losses_by_field() -> None:
    before = evaluation([{"total": True, "day": False}] * 12 + [{"total": False, "day": False}])
    now = evaluation([{"total": False, "day": False}] * 12 + [{"total": True, "day": False}])
    found = compare(before, now)
    assert (found.fields["total"].lost, found.fields["total"].won, found.fields["total"].n) == (12, 1, 13)
    assert found.fields["total"].p_worse == pytest.approx(0.0017, abs=1e-4)
    assert found.fields["day"].p_worse == 1.0
    assert found.difference == pytest.approx(-11 / 26)
    assert found.interval[0] < found.difference < found.interval[1] < 0


def test_a_margin_lets_a_model_pass_that_is_hardly_worse() -> None:
    before = evaluation([{f"f{n}": True for n in range(50)}] * 30)
    rows = [{f"f{n}": not (n == 0 and number == 0) for n in range(50)} for number in range(30)]
    now = evaluation(rows)
    assert compare(before, now).p_not_better > 0.5
    assert compare(before, now, margin=0.02).p_not_better < 0.01


def test_an_answer_beside_the_labels_is_lost_by_who_gave_it() -> None:
    def one(*, extra: bool) -> Evaluation:
        extras = [value("rows", right=False, extra=True)] if extra else []
        return Evaluation(model="m", labels="same", documents=(document("0", [value("total"), *extras]),))

    found = compare(one(extra=False), one(extra=True))
    assert (found.fields["rows"].lost, found.fields["rows"].n) == (1, 1)
    assert compare(one(extra=True), one(extra=False)).fields["rows"].won == 1


def test_other_labels_or_documents_are_not_compared() -> None:
    ours = evaluation(with_right(3, 4))
    with pytest.raises(NotComparable):
        compare(ours, evaluation(with_right(3, 4), labels="other"))
    with pytest.raises(NotComparable):
        compare(ours, evaluation(with_right(3, 5)))


def test_retention_is_a_share_with_its_interval() -> None:
    full, smaller = evaluation(with_right(36, 40)), evaluation(with_right(27, 40))
    kept = retention(full, smaller)
    assert kept.value == pytest.approx(0.75)
    assert kept.interval[0] < 0.75 < kept.interval[1] < 1
    assert retention(full, full).interval == (1.0, 1.0)


def test_nothing_can_be_kept_of_nothing() -> None:
    none = evaluation(with_right(0, 5))
    assert retention(none, none).interval == (0.0, 1.0)


def test_no_documents_prove_nothing() -> None:
    found = compare(evaluation([]), evaluation([]))
    assert (found.documents, found.p_not_better, found.interval) == (0, 1.0, (-1.0, 1.0))
