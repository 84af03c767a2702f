from __future__ import annotations

import json

import pytest
from django.db import transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action, Outcome
from appliance.audit.canonical import canonical_bytes
from appliance.audit.context import Actor, acting_as
from appliance.audit.models import AuditEvent
from appliance.audit.record import Evidence, LogUnavailable, Subject, record

KEYS = {
    "action", "actor", "actor_role", "address", "auth", "boot_id", "commitments", "digests", "event_id", "log_id",
    "monotonic_ns", "object", "outcome", "reason", "request_id", "session", "time_us",
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_record_outside_of_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="needs the transaction"):
        record(Action.LOG_VIEWED)

    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_record_inside_of_a_transaction_is_kept():
    """The control of the test above."""
    with transaction.atomic():
        record(Action.LOG_VIEWED)

    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_record_and_change_roll_back_together(clara):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 -- the whole transaction is meant
        Person.objects.filter(pk=clara.pk).update(first_name="Changed")
        record(Action.PERSON_CHANGED, subject=Subject("person", "clara", 1))
        raise ZeroDivisionError

    clara.refresh_from_db()
    assert (clara.first_name, AuditEvent.objects.count()) == ("Clara", 0)


@pytest.mark.django_db(transaction=True)
def test_change_rolls_back_when_its_record_cannot_be_written(clara):
    too_long_for_the_log = Subject("person", "x" * 65, 1)
    with pytest.raises(LogUnavailable, match="could not be recorded"), transaction.atomic():  # noqa: PT012 -- as above
        Person.objects.filter(pk=clara.pk).update(first_name="Changed")
        record(Action.PERSON_CHANGED, subject=too_long_for_the_log)

    clara.refresh_from_db()
    assert clara.first_name == "Clara"


@pytest.mark.django_db
def test_record_keeps_the_canonical_bytes_of_exactly_the_agreed_keys():
    actor = Actor("clara", "clerk", auth="password", address="192.0.2.7", session="77", request_id="r1")
    with acting_as(actor):
        event = record(
            Action.VALUE_DECIDED,
            subject=Subject("document", "d1", 7),
            outcome=Outcome.DONE,
            reason="total",
            evidence=Evidence(digests={"model": "a1"}, commitments={"before": "04", "after": "9c"}),
        )
    event.refresh_from_db()
    stored = bytes(event.record)
    entry = json.loads(stored)

    assert set(entry) == KEYS
    assert canonical_bytes(entry) == stored
    assert entry["object"] == {"type": "document", "id": "d1", "version": 7}
    assert (entry["actor"], entry["actor_role"], entry["auth"]) == ("clara", "clerk", "password")
    assert (entry["digests"], entry["commitments"]) == ({"model": "a1"}, {"before": "04", "after": "9c"})


@pytest.mark.django_db
def test_record_outside_of_a_request_names_the_system():
    assert (record(Action.APPLIANCE_STARTED).actor, record(Action.APPLIANCE_STARTED).actor_role) == ("system", "system")


def test_actions_outside_of_the_list_do_not_exist():
    with pytest.raises(ValueError, match="'coffee_made' is not a valid Action"):
        Action("coffee_made")


def test_every_action_has_words_of_its_own():
    labels = [action.label for action in Action]

    assert len(set(labels)) == len(labels)
