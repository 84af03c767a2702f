"""Which models may be asked for, and what the person who approves sees."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.compliance import deciding
from appliance.compliance.errors import ComplianceError, NotJudged, NotMeasured, VerdictFailed
from appliance.compliance.models import Approval, ApprovalState
from appliance.compliance.promotion import ask_promotion, move_pointer
from appliance.document_types.queries import latest_published
from appliance.retraining.models import Measured, Part, ShadowRun, Snapshot, SnapshotEntry
from appliance.retraining.serving.evidence import evidence_on
from appliance.retraining.serving.standing import Standing, standing_of
from models_store import store
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made
from tests.appliance.retraining.serving.fakes import Approved, Put

pytestmark = pytest.mark.django_db

PASSED = {
    "passed": True,
    "reasons": [{"code": "better", "passed": True, "sentence": "Better than the one in force.", "figures": {}}],
}
FAILED = {
    "passed": False,
    "reasons": [
        {"code": "valid", "passed": True, "sentence": "Every answer fits the schema.", "figures": {}},
        {"code": "retention", "passed": False, "sentence": "It keeps 91 % of full precision; 95 % are asked for."},
    ],
}


def summary(f1: float, n: int = 40) -> dict[str, Any]:
    """As `models_store.evaluation.summarise` writes it, the parts that are shown."""
    scores = {"f1": f1, "f1_interval": [f1 - 0.05, f1 + 0.05], "right": 80, "missed": 20}
    share = {"value": 0.9, "n": 30, "interval": [0.8, 0.95]}
    return {
        **scores,
        "n": n,
        "is_small": n < 20,
        "nulls": share,
        "fields": {"total": scores, "line_items.amount": scores},
        "calibration": {"n": 120, "ece": 0.04, "auroc": 0.9, "bins": []},
        "documents_per_hour": 1200,
    }


@pytest.fixture
def snapshot(db: None) -> Snapshot:
    """With one frozen test document: models of this box can be measured."""
    version = latest_published(made.receipt_type())
    assert version is not None
    kept = Snapshot.objects.create(digest="d" * 64, type_version=version)
    SnapshotEntry.objects.create(
        snapshot=kept, position=0, part=Part.TEST, source="import", digest="e" * 64, original_sha256="f" * 64, text="x"
    )
    return kept


def measured(snapshot: Snapshot, digest: str, f1: float, verdict: dict[str, Any] | None, n: int = 40) -> Measured:
    return Measured.objects.create(
        snapshot=snapshot, model_digest=digest, role="candidate", summary=summary(f1, n), verdict=verdict
    )


def asked(by: Person, digest: str) -> Approval:
    return ask_promotion(by=by, digest=digest, reason="It reads receipts better.")


def test_a_first_model_comes_in_force_on_a_box_without_labelled_documents(adam: Person, put: Put, old: str) -> None:
    new = put("new")

    assert standing_of(new) is Standing.UNMEASURABLE
    assert asked(adam, new).state == ApprovalState.WAITING


def test_with_labelled_documents_it_must_be_measured_first(
    adam: Person, put: Put, old: str, snapshot: Snapshot
) -> None:
    new = put("new")
    with pytest.raises(NotMeasured):
        asked(adam, new)

    measured(snapshot, new, 0.7, None)

    assert standing_of(new) is Standing.MEASURED
    assert asked(adam, new).state == ApprovalState.WAITING


def test_a_model_that_did_not_pass_is_refused_and_one_that_did_is_not(
    adam: Person, put: Put, old: str, snapshot: Snapshot
) -> None:
    bad, good = put("bad"), put("good")
    measured(snapshot, bad, 0.9, FAILED)
    measured(snapshot, good, 0.9, PASSED)

    with pytest.raises(VerdictFailed):
        asked(adam, bad)
    assert asked(adam, good).state == ApprovalState.WAITING


def test_another_file_of_judged_weights_needs_a_verdict_of_its_own(
    adam: Person, put: Put, old: str, snapshot: Snapshot
) -> None:
    refused, other, stranger = put("Q8_0 of run 7"), put("Q4_0 of run 7"), put("Q4_0 of run 8")
    measured(snapshot, refused, 0.9, FAILED)
    for one in (other, stranger):
        measured(snapshot, one, 0.9, None)

    with pytest.raises(NotJudged):
        asked(adam, other)
    assert asked(adam, stranger).state == ApprovalState.WAITING

    measured(snapshot, other, 0.9, PASSED)
    assert asked(adam, other).state == ApprovalState.WAITING


def test_the_newest_verdict_counts_and_a_measurement_without_one_changes_nothing(
    put: Put, old: str, snapshot: Snapshot
) -> None:
    new = put("new")
    seen = []
    for verdict in (FAILED, None, PASSED, None, FAILED):
        measured(snapshot, new, 0.7, verdict)
        seen.append(standing_of(new))

    assert seen == [Standing.FAILED, Standing.FAILED, Standing.PASSED, Standing.PASSED, Standing.FAILED]


def test_a_verdict_that_comes_after_the_request_stops_the_approval(
    adam: Person, olga: Person, put: Put, old: str, root: Path, snapshot: Snapshot
) -> None:
    new = put("new")
    measured(snapshot, new, 0.7, PASSED)
    request = asked(adam, new)
    measured(snapshot, new, 0.7, FAILED)

    with pytest.raises(VerdictFailed):
        deciding.approve(approval_id=request.pk, by=olga, words="")

    pointer = store.read_pointer(root=root)
    assert pointer is not None
    assert (move_pointer(), pointer.production) == (False, old)
    assert Approval.objects.get().state == ApprovalState.WAITING


def test_what_was_in_force_before_may_come_back_unmeasured(
    adam: Person, put: Put, old: str, new: str, approved: Approved, snapshot: Snapshot
) -> None:
    assert [standing_of(old), standing_of(new), standing_of(put("other"))] == [
        Standing.SERVED,
        Standing.SERVED,
        Standing.TO_BE_MEASURED,
    ]


def test_withdrawn_test_documents_measure_nothing(put: Put, old: str, snapshot: Snapshot) -> None:
    snapshot.entries.update(withdrawn_at=snapshot.made_at, fields=None, spans=None, text="")

    assert standing_of(put("new")) is Standing.UNMEASURABLE


def test_figures_stand_beside_those_of_the_model_in_force(put: Put, old: str, snapshot: Snapshot) -> None:
    new = put("new")
    measured(snapshot, old, 0.5, None)
    measured(snapshot, new, 0.75, FAILED, n=12)

    shown = evidence_on(new, in_force=old)

    whole = shown.rows[0]
    assert (whole.wanted.value, whole.wanted.interval, whole.wanted.n) == ("0.750", "0.700 to 0.800", 100)
    assert whole.in_force.value == "0.500"
    assert [row.name for row in shown.rows] == [
        "All fields, F1",
        "total, F1",
        "line_items.amount, F1",
        "Left empty where it must be",
        "Calibration error (0 is best)",
        "Documents an hour",
    ]
    assert [(reason.passed, "91 %" in reason.sentence) for reason in shown.reasons] == [(False, True), (True, False)]
    assert (shown.documents, shown.is_small) == (12, True)


def test_figures_of_other_documents_are_not_compared(put: Put, old: str, snapshot: Snapshot) -> None:
    new = put("new")
    other = Snapshot.objects.create(digest="c" * 64, type_version=snapshot.type_version)
    measured(other, old, 0.5, None)
    measured(snapshot, new, 0.75, PASSED)

    assert {row.in_force.value for row in evidence_on(new, in_force=old).rows} == {""}


def text_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def test_the_officer_sees_verdict_figures_and_try_out(
    adam: Person, olga: Person, clara: Person, client_for: ClientFor, put: Put, old: str, snapshot: Snapshot
) -> None:
    new = put("new")
    measured(snapshot, old, 0.5, None)
    measured(snapshot, new, 0.75, PASSED)
    document = made.to_review(clara)
    run = ShadowRun.objects.create(model_digest=new, documents_wanted=5, begun_by=adam, version=1)
    run.results.create(
        document=document,
        extraction=document.current_extraction,
        values=2,
        differing=["total"],
        is_valid=True,
        seconds=1.0,
        seconds_in_force=2.0,
    )
    request = asked(adam, new)

    shown = text_of(client_for(olga).get(reverse("compliance:approval", args=[request.pk])))

    for words in (
        "measured on 40 documents that it never learnt from",
        "Better than the one in force.",
        "0.700 to 0.800",
        "0.500",
        "1 of 2 values are the same",
        "in 0.50 times its time",
        "The administrator can undo it by one click",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(FAILED, "Did not pass"), (None, "Measured, not judged"), ("never", "It must be measured first.")],
)
def test_the_administrator_sees_what_is_missing(
    adam: Person,
    client_for: ClientFor,
    put: Put,
    old: str,
    snapshot: Snapshot,
    verdict: dict[str, Any] | str | None,
    words: str,
) -> None:
    new = put("new")
    if not isinstance(verdict, str):
        measured(snapshot, new, 0.7, verdict)

    shown = text_of(client_for(adam).get(reverse("retraining:model", args=[new])))

    assert words in shown
    assert ("Ask to put this model in force" in shown) is (verdict is None)


@pytest.mark.parametrize("error", [NotMeasured, VerdictFailed])
def test_refusals_say_what_to_do_next(error: type[ComplianceError]) -> None:
    assert error.next_step
    assert error.code in {"not_measured", "verdict_failed"}
