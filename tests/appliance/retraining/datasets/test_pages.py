"""The admin's pages of training data, and what other parts of the box ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.document_types.models import DocumentType
from appliance.retraining.datasets import tasks
from appliance.retraining.datasets.forms import SnapshotForm
from appliance.retraining.datasets.gathering import gather
from appliance.retraining.datasets.next_documents import next_documents
from appliance.retraining.datasets.queries import latest_snapshot, new_documents
from appliance.retraining.models import DocumentLabel, Snapshot
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.datasets.made import (
    lines_of,
    receipt_type,
    receipt_version,
    reviewed,
    several,
    to_review,
    values_of,
)

WAY = "/models/datasets/receipt/"
DEFAULTS = {
    "sender_field": "company",
    "split_by": "",
    "test_share": 20,
    "calibration_share": 10,
    "person_share": 70,
    "sender_share": 50,
}


def test_admin_makes_a_snapshot_and_sees_no_word_of_a_document(
    clara: Person, adam: Person, client_for: ClientFor
) -> None:
    several(clara, 12)
    browser = client_for(adam)
    shown = [browser.get("/models/datasets/").content.decode(), browser.get(WAY).content.decode()]

    answer = browser.post(f"{WAY}snapshots/", DEFAULTS, follow=True)

    made = Snapshot.objects.get()
    shown += [answer.content.decode(), browser.get(WAY).content.decode()]
    assert answer.redirect_chain[-1][0] == f"{WAY}snapshots/{made.digest}/"
    assert made.digest[:12] in shown[-1]
    assert not [word for word in ("ACME", "Borealis", "R0003", "r.txt", "13.35") for page in shown if word in page]
    again = browser.post(f"{WAY}snapshots/", DEFAULTS, follow=True).content.decode()
    assert "Nothing has changed" in again
    assert latest_snapshot(receipt_type()) == made
    viewed = AuditEvent.objects.filter(action=Action.DATASET_VIEWED, actor="adam")
    assert {event.object_id for event in viewed} == {"all types", "receipt", made.digest}


def test_too_few_documents_are_told_with_what_to_do(clara: Person, adam: Person, client_for: ClientFor) -> None:
    several(clara, 2)
    browser = client_for(adam)

    assert "3 more documents are needed" in browser.get(WAY).content.decode()
    answer = browser.post(f"{WAY}snapshots/", DEFAULTS, follow=True).content.decode()
    assert "There are too few labelled documents" in answer


@pytest.mark.parametrize(
    "change",
    [{"sender_field": "iban"}, {"test_share": 0}, {"split_by": "moon"}, {"person_share": "x"}, {"sender_share": ""}],
    ids=["no such field", "no test", "no such way", "no number", "missing"],
)
def test_form_with_a_wrong_value_is_shown_again(adam: Person, client_for: ClientFor, change: dict[str, object]) -> None:
    receipt_version()

    answer = client_for(adam).post(f"{WAY}snapshots/", DEFAULTS | change)

    assert answer.status_code == 422
    assert not Snapshot.objects.exists()


def test_control_the_form_as_it_is_shown_is_valid(db: None) -> None:
    spec = receipt_version().spec
    shown = SnapshotForm(spec=spec)
    given = {name: shown.get_initial_for_field(field, name) or "" for name, field in shown.fields.items()}

    assert given == DEFAULTS
    assert SnapshotForm(given, spec=spec).is_valid()


def test_type_without_a_version_and_unknown_things_are_not_found(adam: Person, client_for: ClientFor) -> None:
    receipt_version()
    DocumentType.objects.create(name="draft_only")
    browser = client_for(adam)

    for way in ("/models/datasets/nothing/", "/models/datasets/draft_only/", f"{WAY}snapshots/{'a' * 64}/"):
        assert browser.get(way).status_code == 404, way


def test_uncertain_and_unlike_documents_come_first(clara: Person) -> None:
    several(clara, 6)
    gather(receipt_type())
    known = to_review(clara, lines_of("ACME Coffee", 40), values_of("ACME Coffee", 40))
    strange = to_review(clara, ("Zebra Zoo", "entry for 2 adults", "Total 9.99"), {"company": "Zebra Zoo"})

    rows = next_documents(receipt_type(), sender_field="company")

    assert [row.document for row in rows] == [strange, known]
    assert (rows[0].is_new_layout, rows[0].is_new_sender) == (True, True)
    assert not rows[1].is_new_sender


def test_new_documents_are_counted_by_the_end_of_their_review(clara: Person) -> None:
    several(clara, 3)
    then = timezone.now()
    reviewed(clara, "ACME Coffee", 50)

    assert new_documents(receipt_type(), None) == 4
    assert new_documents(receipt_type(), then) == 1
    assert new_documents(receipt_type(), then + timedelta(hours=1)) == 0


def test_clock_keeps_labels_ready_some_at_a_time(clara: Person) -> None:
    several(clara, 4)
    assert gather(receipt_type(), most=3) == 1

    tasks.gather_labels()

    assert DocumentLabel.objects.count() == 4
    made = set(DocumentLabel.objects.values_list("pk", flat=True))
    tasks.gather_labels()
    assert set(DocumentLabel.objects.values_list("pk", flat=True)) == made
