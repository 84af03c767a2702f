"""Two persons: who may approve, what a second click does, what expires, what the database itself refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from appliance.accounts.roles import Role
from appliance.audit.models import AuditEvent
from appliance.compliance import deciding
from appliance.compliance.errors import (
    AlreadyAsked,
    AlreadyDecided,
    MayNotDecide,
    OwnRequest,
    RequestExpired,
    UnderHold,
)
from appliance.compliance.models import Approval, ApprovalState, Tombstone
from appliance.documents.models import Document
from tests.appliance.cast import make_person
from tests.appliance.compliance.made import asked, held, second_officer
from tests.appliance.documents.made import to_review

pytestmark = pytest.mark.django_db


def actions() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.filter(object_type="approval").order_by("pk").values_list("action", "outcome"))


def test_a_second_person_approves_and_the_act_is_done_with_it(clara, olga):
    document = to_review(clara)

    approval = deciding.approve(approval_id=asked(clara, document).pk, by=olga, words="Agreed.")

    assert (approval.state, approval.decided_by, approval.version) == (ApprovalState.APPROVED, olga, 2)
    assert not Document.objects.exists()
    assert actions() == [("approval_asked", "done"), ("approval_granted", "done")]


def test_nobody_approves_their_own_request(olga, clara):
    request = asked(olga, to_review(clara))

    with pytest.raises(OwnRequest):
        deciding.approve(approval_id=request.pk, by=olga, words="")

    assert Document.objects.count() == 1
    assert actions()[-1] == ("approval_granted", "refused")


@pytest.mark.parametrize("same", ["name", "mail"])
def test_nor_by_a_second_account_of_the_same_person(olga, clara, same):
    twin = make_person("olga2", Role.OFFICER, full_name="OLGA  Officer" if same == "name" else "Somebody Else")
    if same == "mail":
        olga.email = twin.email = "Olga@example.org"
        olga.save()
        twin.save()

    with pytest.raises(OwnRequest):
        deciding.approve(approval_id=asked(olga, to_review(clara)).pk, by=twin, words="")

    assert Document.objects.count() == 1


def test_control_a_second_officer_of_another_name_may(olga, clara):
    deciding.approve(approval_id=asked(olga, to_review(clara)).pk, by=second_officer(), words="")

    assert not Document.objects.exists()


def test_the_database_refuses_it_as_well(olga, clara):
    request = asked(olga, to_review(clara))
    approved = {"state": "approved", "decided_by": olga}

    with pytest.raises(IntegrityError, match="nobody_approves"), transaction.atomic():
        Approval.objects.filter(pk=request.pk).update(**approved)

    assert Approval.objects.filter(pk=request.pk).update(**approved | {"decided_by": second_officer()}) == 1


@pytest.mark.parametrize("who", ["carl", "adam", "switched_off"])
def test_only_an_active_officer_decides(request, clara, olga, who):
    person = olga if who == "switched_off" else request.getfixturevalue(who)
    document = to_review(clara)
    if who == "switched_off":
        type(olga).objects.filter(pk=olga.pk).update(is_active=False)

    with pytest.raises(MayNotDecide):
        deciding.approve(approval_id=asked(clara, document).pk, by=person, words="")

    assert Document.objects.count() == 1


def test_a_double_click_does_the_act_once(clara, olga):
    request = asked(clara, to_review(clara))
    for _ in range(2):
        deciding.approve(approval_id=request.pk, by=olga, words="Agreed.")

    assert Tombstone.objects.count() == 1
    assert actions().count(("approval_granted", "done")) == 1


def test_another_officer_comes_too_late(clara, olga):
    request = asked(clara, to_review(clara))
    deciding.refuse(approval_id=request.pk, by=olga, words="We need it.")

    with pytest.raises(AlreadyDecided):
        deciding.approve(approval_id=request.pk, by=second_officer(), words="")

    assert Document.objects.count() == 1


def test_who_asked_withdraws_and_nobody_else(clara, carl, olga):
    request = asked(clara, to_review(clara))
    with pytest.raises(MayNotDecide):
        deciding.withdraw(approval_id=request.pk, by=carl)
    deciding.withdraw(approval_id=request.pk, by=clara)

    with pytest.raises(AlreadyDecided):
        deciding.approve(approval_id=request.pk, by=olga, words="")


def test_a_request_that_waited_too_long_can_not_be_approved_and_is_closed(clara, olga):
    request = asked(clara, to_review(clara))
    Approval.objects.filter(pk=request.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(RequestExpired):
        deciding.approve(approval_id=request.pk, by=olga, words="")

    assert [deciding.expire(), deciding.expire()] == [1, 0]
    assert actions()[-1] == ("approval_expired", "done")
    assert Approval.objects.get().state == ApprovalState.EXPIRED


def test_an_act_that_is_refused_leaves_the_request_waiting(clara, olga):
    document = to_review(clara)
    request = asked(clara, document)
    held(olga, document)

    with pytest.raises(UnderHold) as caught:
        deciding.approve(approval_id=request.pk, by=olga, words="")

    assert caught.value.names == ("Case 7",)
    assert Approval.objects.get(pk=request.pk).state == ApprovalState.WAITING
    assert actions()[-1] == ("approval_granted", "refused")


def test_the_same_is_not_asked_for_twice(clara, carl):
    document = to_review(clara)
    asked(clara, document)

    with pytest.raises(AlreadyAsked):
        asked(carl, document)


@pytest.mark.parametrize("statement", ["UPDATE compliance_approval SET words = 'x'", "DELETE FROM compliance_approval"])
def test_a_decided_request_never_changes(clara, olga, statement):
    deciding.refuse(approval_id=asked(clara, to_review(clara)).pk, by=olga, words="No.")

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_log_holds_a_commitment_to_the_reason_and_not_the_reason(clara):
    asked(clara, to_review(clara))

    record = bytes(AuditEvent.objects.get(action="approval_asked").record)

    assert b"mistake" not in record
    assert b'"commitments":{"reason":"' in record
