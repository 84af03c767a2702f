"""The nightly run: rehearsed first, held documents left out, repeated without harm, everything recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from appliance.audit.models import AuditEvent
from appliance.compliance import deciding, retention
from appliance.compliance.asking import WantedRule, ask_retention
from appliance.compliance.errors import NothingToChange
from appliance.compliance.models import Approval, ApprovalDocument, CountsFrom, RetentionRule, Tombstone
from appliance.compliance.tasks import apply_retention
from appliance.documents.models import Document
from appliance.documents.transitions import Step, change
from appliance.documents.uploads import Origin, upload
from tests.appliance.compliance.made import held, second_officer
from tests.appliance.documents.made import png, receipt_type, to_review, uploaded

pytestmark = pytest.mark.django_db


def rule(*, automatic: bool = True, counts_from: str = "upload", rehearsed: bool = True) -> RetentionRule:
    return RetentionRule.objects.create(
        document_type=receipt_type(),
        days=30,
        counts_from=counts_from,
        automatic=automatic,
        rehearsed_at=timezone.now() if rehearsed else None,
        version=1,
    )


def aged(document: Document, days: int) -> Document:
    Document.objects.filter(pk=document.pk).update(uploaded_at=timezone.now() - timedelta(days=days))
    return document


def runs() -> list[str]:
    return list(AuditEvent.objects.filter(action="retention_run").order_by("pk").values_list("reason", flat=True))


def test_without_a_rule_everything_is_kept(clara):
    aged(to_review(clara), 10_000)

    assert retention.run_all() == []
    assert Document.objects.count() == 1


def test_a_new_rule_is_rehearsed_one_night_before_it_deletes(clara):
    rule(rehearsed=False)
    aged(to_review(clara, b"old\n"), 31)
    aged(to_review(clara, b"young\n"), 29)

    assert retention.run_all()[0].rehearsed == 1
    assert Document.objects.count() == 2
    assert retention.run_all()[0].deleted == 1
    assert Document.objects.count() == 1
    assert runs() == ["rehearsal, nothing deleted: 1 due", "deletes 1"]
    stone = Tombstone.objects.get()
    assert (stone.approval, stone.by_rule) == (None, "receipt: deleted by itself 30 days after upload")


def test_a_rule_that_asks_makes_one_request_and_does_not_repeat_it(clara, olga):
    rule(automatic=False)
    old = aged(to_review(clara), 31)

    apply_retention()
    apply_retention()

    request = Approval.objects.get()
    assert (request.asked_by, request.documents.get().document_id) == (None, old.pk)
    assert Document.objects.exists()
    deciding.approve(approval_id=request.pk, by=olga, words="As the rule says.")
    assert not Document.objects.exists()


def test_a_refused_deletion_is_not_asked_for_again_the_next_night(clara, olga):
    rule(automatic=False)
    aged(to_review(clara), 31)
    retention.run_all()
    deciding.refuse(approval_id=Approval.objects.get().pk, by=olga, words="We still need it.")

    assert retention.run_all()[0].asked == 0
    assert Approval.objects.count() == 1


@pytest.mark.parametrize("automatic", [True, False])
def test_what_is_held_is_neither_deleted_nor_asked_for(clara, olga, automatic):
    rule(automatic=automatic)
    held(olga, aged(to_review(clara), 31))

    retention.run_all()

    assert (Document.objects.count(), Approval.objects.count()) == (1, 0)


@pytest.mark.parametrize("automatic", [True, False])
def test_a_held_duplicate_keeps_its_twin_and_no_other_document(clara, olga, automatic):
    rule(automatic=automatic)
    kept, other = aged(to_review(clara, b"kept\n"), 31), aged(to_review(clara, b"other\n"), 32)
    held(olga, uploaded(clara, b"kept\n"))

    retention.run_all()

    assert Document.objects.filter(pk=kept.pk).exists()
    gone = Tombstone.objects.values_list("pk", flat=True)
    asked_for = ApprovalDocument.objects.values_list("document_id", flat=True)
    assert list(gone if automatic else asked_for) == [other.pk]


def test_an_email_goes_after_its_attachments(clara):
    rule()
    letter = aged(to_review(clara), 31)
    upload(untrusted_name="a.png", content=png(), origin=Origin(clara, parent=letter))

    retention.run_all()

    assert Document.objects.count() == 2


def test_days_may_count_from_the_end_of_the_review(clara):
    found = rule(counts_from="acceptance")
    document = aged(to_review(clara), 31)
    assert retention.run_all()[0].deleted == 0
    from appliance.audit.actions import Action
    from appliance.documents.states import State

    document.refresh_from_db()
    change(document, Step(Action.DOCUMENT_FINISHED, State.ACCEPTED))
    assert retention.run_all()[0].deleted == 0
    RetentionRule.objects.filter(pk=found.pk).update(days=0)

    assert retention.run_all()[0].deleted == 1


def test_a_rule_needs_two_persons_and_keeping_one(olga):
    receipt = receipt_type()
    wanted = WantedRule(30, CountsFrom.UPLOAD, automatic=True)
    request = ask_retention(by=olga, document_type=receipt, wanted=wanted, reason="The law")
    assert not RetentionRule.objects.exists()
    deciding.approve(approval_id=request.pk, by=second_officer(), words="Yes")
    found = RetentionRule.objects.get()
    assert (found.days, found.automatic, found.rehearsed_at, found.approval) == (30, True, None, request)
    with pytest.raises(NothingToChange):
        ask_retention(by=olga, document_type=receipt, wanted=wanted, reason="The law")

    kept = retention.keep(by=olga, document_type=receipt)

    assert (kept.days, kept.automatic, kept.version) == (None, False, 2)
    changed = AuditEvent.objects.filter(action="retention_changed").order_by("pk")
    assert [event.object_version for event in changed] == [1, 2]
