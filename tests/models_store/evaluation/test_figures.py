"""Intervals, calibration and the summary against figures that can be worked out."""

from __future__ import annotations

import json
import random

import pytest

from extraction.scores import Counts
from models_store.evaluation.calibration import calibration
from models_store.evaluation.intervals import f1_by_document, f1_interval, wilson
from models_store.evaluation.records import Evaluation
from models_store.evaluation.summary import summarise
from tests.models_store.evaluation.outcomes import document, evaluation, value, with_right


def test_wilson_against_known_figures() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_interval_of_f1_lies_around_it() -> None:
    counts = Counts(8, 2, 4)
    low, high = f1_interval(counts)
    assert low < counts.f1 < high
    assert f1_interval(Counts(80, 20, 40))[0] > low


def test_documents_that_all_agree_do_not_make_a_certainty() -> None:
    low, high = f1_by_document([Counts(1, 0, 0)] * 10)
    assert (low, high) == pytest.approx((0.722, 1.0), abs=1e-3)
    assert f1_by_document([Counts(1, 0, 0)]) == f1_interval(Counts(1, 0, 0))
    assert f1_by_document([]) == (0.0, 1.0)


def test_values_that_go_together_widen_the_interval() -> None:
    together = [Counts(20, 0, 0), Counts(0, 20, 20)] * 5
    apart = [Counts(10, 10, 10)] * 10
    widths = [high - low for low, high in (f1_by_document(together), f1_by_document(apart))]
    assert widths[0] > 2 * widths[1]


def test_bootstrap_covers_the_truth_about_as_often_as_it_says() -> None:
    """Documents with a difficulty of their own; 100 test sets of 40; the truth is the F1 of a very large one."""
    draw = random.Random(3)

    def one() -> Counts:
        ease = draw.betavariate(4, 2)
        right = sum(draw.random() < ease for _ in range(5))
        return Counts(right, 5 - right, 5 - right)

    truth = sum((one() for _ in range(4000)), Counts()).f1
    intervals = [f1_by_document([one() for _ in range(40)]) for _ in range(100)]
    covered = sum(low <= truth <= high for low, high in intervals)
    print(f"covered {covered} of 100")
    assert covered >= 90


def test_confidence_that_means_what_it_says() -> None:
    honest = [value("a", right=n % 10 < 9, confidence=0.9) for n in range(100)]
    boastful = [value("a", right=n % 10 < 5, confidence=0.9) for n in range(100)]
    assert calibration(honest).ece == pytest.approx(0.0, abs=1e-9)
    assert calibration(boastful).ece == pytest.approx(0.4)
    assert len(calibration(honest).bins) == 1


def test_auroc_by_hand() -> None:
    def auroc(*scored: tuple[float, bool]) -> float | None:
        return calibration([value("a", right=right, confidence=c) for c, right in scored]).auroc

    assert auroc((0.9, True), (0.1, False)) == 1.0
    assert auroc((0.1, True), (0.9, False)) == 0.0
    assert auroc((0.5, True), (0.5, False)) == 0.5
    assert auroc((0.9, True), (0.5, False), (0.5, True), (0.1, False)) == pytest.approx(0.875)
    assert auroc((0.9, True)) is None


def test_bins_hold_equally_many_and_all() -> None:
    found = calibration([value("a", right=n % 3 > 0, confidence=n / 97) for n in range(97)])
    assert sum(b.n for b in found.bins) == 97
    assert max(b.n for b in found.bins) - min(b.n for b in found.bins) <= 1
    assert [b.confidence for b in found.bins] == sorted(b.confidence for b in found.bins)
    assert all(b.low <= b.right <= b.high for b in found.bins)


def test_what_was_not_asked_has_no_confidence() -> None:
    assert calibration([value("a", confidence=None)]).n == 0


def _mixed() -> Evaluation:
    lost = value("rows", right=False, null=True).model_copy(update={"got": None})
    values = [value("total"), value("day", right=False), value("buyer", null=True), lost]
    extra = [value("rows", right=False, extra=True)]
    documents = [document("0", values + extra), document("1", values, is_valid=False, error="decoding_failed")]
    return Evaluation(model="m", labels="l", documents=tuple(documents), threads=2, memory_bytes=5, file_bytes=6)


def test_the_summary_counts_values_nulls_and_inventions() -> None:
    found = summarise(_mixed())
    assert (found["n"], found["refused"], found["schema_valid"], found["verbatim"]) == (2, 1, 0.5, 1.0)
    assert (found["right"], found["wrong"], found["missed"]) == (2, 3, 2)
    assert (found["nulls"]["value"], found["nulls"]["n"]) == (0.5, 4)
    assert found["fields"]["total"]["f1"] == 1.0
    assert found["fields"]["rows"]["nulls"] == {"value": 0.0, "n": 2, "interval": [0.0, 0.6576]}
    assert found["fields"]["day"]["nulls"]["value"] is None
    assert (found["seconds_per_document"], found["documents_per_hour"]) == (0.5, 7200)
    assert found["is_small"] is True
    assert json.loads(json.dumps(found)) == found


def test_an_evaluation_survives_the_disk() -> None:
    assert Evaluation.model_validate_json(_mixed().model_dump_json()) == _mixed()


def test_an_empty_evaluation_has_a_summary() -> None:
    assert summarise(evaluation([]))["n"] == 0


def test_every_figure_of_a_share_says_its_n() -> None:
    found = summarise(evaluation(with_right(30, 40)))
    assert (found["recall"]["value"], found["recall"]["n"]) == (0.75, 40)
    assert found["documents_right"]["n"] == 40
    assert found["f1_interval"][0] < found["f1"] < found["f1_interval"][1]
