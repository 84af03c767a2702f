"""Nothing is done unrecorded, nothing sensitive is answered before it is in the tree, no refusal is rolled back."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.context import Actor, acting_as
from appliance.audit.log import NotIntegrated, leaf_of, wait_until_integrated
from appliance.audit.log.sequencing import begin
from appliance.audit.models import AuditEvent, Leaf, StagedRecord
from appliance.audit.record import LogUnavailable, Subject, record, record_apart, record_refusal
from tests.appliance.audit.made import entry

pytestmark = pytest.mark.django_db(transaction=True)
NEW_PERSON = {"username": "petra", "first_name": "Petra", "last_name": "P", "role": "clerk"}


@pytest.fixture
def broken_stage():
    """The way into the tree is blocked; it is opened again for the tests that follow."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_stagedrecord RENAME TO audit_stagedrecord_away")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_stagedrecord_away RENAME TO audit_stagedrecord")


def test_act_that_cannot_be_recorded_is_rolled_back_and_refused_in_plain_words(adam, client_for, broken_stage):
    answer = client_for(adam).post(reverse("accounts:person_new"), NEW_PERSON)

    assert answer.status_code == 503
    assert "Nothing was done, because it could not be recorded" in answer.text
    assert "Code: log_unavailable" in answer.text
    assert not Person.objects.filter(username="petra").exists()
    assert not AuditEvent.objects.exists()


def test_act_without_keys_is_refused_too(adam, client_for, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "nothing here"

    assert client_for(adam).post(reverse("accounts:person_new"), NEW_PERSON).status_code == 503
    assert not Person.objects.filter(username="petra").exists()


def test_error_of_the_log_is_no_database_error_that_somebody_might_expect(broken_stage):
    with pytest.raises(LogUnavailable), transaction.atomic():
        record(Action.LOG_VIEWED)


def test_control_with_a_whole_stage_the_same_act_is_done(adam, client_for):
    answer = client_for(adam).post(reverse("accounts:person_new"), NEW_PERSON)

    assert answer.status_code == 200
    assert Person.objects.filter(username="petra").exists()


def test_sensitive_act_is_in_the_tree_when_it_is_answered(adam, client_for):
    client_for(adam).post(reverse("accounts:person_new"), NEW_PERSON)

    assert leaf_of(AuditEvent.objects.get(action=Action.PERSON_CREATED)) is not None


def test_other_acts_do_not_wait(olga, client_for):
    """The control of the test above."""
    client_for(olga).get(reverse("audit:log"))

    assert StagedRecord.objects.filter(event__action=Action.LOG_VIEWED).exists()
    assert not Leaf.objects.exists()


def test_answer_is_refused_when_the_log_is_held_up(adam, client_for, settings, monkeypatch):
    settings.AUDIT_WAIT = "sequencer"  # and none runs
    monkeypatch.setattr("appliance.audit.answering.WAIT_SECONDS", 0.2)
    answer = client_for(adam).post(reverse("accounts:person_new"), NEW_PERSON)

    assert answer.status_code == 503
    assert "Code: log_held_up" in answer.text
    assert "password" not in answer.text
    assert AuditEvent.objects.filter(action=Action.PERSON_CREATED).exists()


def test_waiting_ends_after_its_time(settings):
    settings.AUDIT_WAIT = "sequencer"
    begin()

    with pytest.raises(NotIntegrated, match=r"within 0\.1 s"):
        wait_until_integrated(entry(), seconds=0.1)


def test_refusal_inside_of_a_transaction_that_is_rolled_back_stays(settings):
    settings.AUDIT_REFUSALS = "own connection"
    with pytest.raises(ZeroDivisionError), acting_as(Actor("clara", "clerk")), transaction.atomic():  # noqa: PT012 -- the whole transaction is meant
        record(Action.LOG_VIEWED)
        record_refusal("/people/", reason="needs manage_people")
        record_apart(Action.LOGIN_FAILED, subject=Subject("person", "clara"))
        raise ZeroDivisionError

    events = AuditEvent.objects.order_by("pk")
    assert [(event.action, event.actor, event.outcome) for event in events] == [
        ("access_refused", "clara", "refused"),
        ("login_failed", "clara", "refused"),
    ]
    assert StagedRecord.objects.count() == 2


def test_control_on_the_same_connection_it_would_be_rolled_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 -- the whole transaction is meant
        record_refusal("/people/", reason="needs manage_people")
        raise ZeroDivisionError

    assert not AuditEvent.objects.exists()
