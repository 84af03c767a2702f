"""Each difference between the log and the box is found and named; a box at work gives none."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.accounts.services import Profile, change_person, create_person
from appliance.audit.actions import Action
from appliance.audit.log.reconcile import reconcile
from appliance.audit.log.sequencing import begin, integrate
from appliance.audit.models import AuditEvent, Reconciliation, StagedRecord
from appliance.audit.tasks import reconcile_log
from appliance.document_types.services import publish_shipped_types
from tests.appliance.audit.made import entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(adam) -> Person:
    """A box with types, and a person who was changed once; all of it is in the tree."""
    publish_shipped_types()
    made = create_person(username="petra", role=Role.CLERK, first_name="P", last_name="C").person
    change_person(by=adam, person=made, wanted=Profile(Role.OFFICER, "Petra", "C", is_active=True))
    integrate(begin())
    return Person.objects.get(username="petra")


def damage(sql: str, *parameters: object) -> None:
    """As the owner of the tables could: with the triggers off."""
    with connection.cursor() as cursor:
        for table in ("audit_leaf", "audit_auditevent"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)


def test_box_at_work_gives_no_finding(at_work):
    assert reconcile().findings == []
    integrate(begin())
    made = reconcile()

    assert (made.finding_count, made.subjects) == (0, 7)  # five types, Adam and Petra
    assert AuditEvent.objects.filter(action=Action.LOG_RECONCILED, outcome="done").count() == 2


def test_change_without_a_record_is_found(at_work):
    Person.objects.filter(pk=at_work.pk).update(version=at_work.version + 1)

    assert reconcile().findings == ["Person petra was changed 4 times and has 3 records of changes."]
    assert AuditEvent.objects.get(action=Action.LOG_RECONCILED).outcome == "failed"


def test_record_that_went_away_before_the_tree_is_found(at_work):
    event = entry(Action.LOG_VIEWED)
    StagedRecord.objects.all().delete()

    (finding,) = reconcile().findings
    assert finding.startswith(f"Entry {event.pk} is neither in the signed tree nor on its way there")


def test_entry_and_staged_row_that_went_away_together_are_found(at_work):
    event = AuditEvent.objects.filter(object_id="petra").order_by("pk").last()
    damage("DELETE FROM audit_leaf WHERE event_id = %s", event.pk)
    damage("DELETE FROM audit_auditevent WHERE id = %s", event.pk)

    findings = reconcile().findings
    assert "Person petra was changed 3 times and has 2 records of changes." in findings


def test_record_with_a_version_twice_is_found(at_work):
    damage("UPDATE audit_auditevent SET object_version = 1 WHERE object_id = 'petra'")

    findings = reconcile().findings
    assert "The records of person petra do not count its changes from 1 to 3, each once." in findings
    assert any("its searchable columns were changed" in finding for finding in findings)


def test_changed_record_is_found(at_work):
    damage("UPDATE audit_auditevent SET record = record || 'x' WHERE object_id = 'petra' AND object_version = 1")

    assert [finding.partition(" is not what ")[2] for finding in reconcile().findings] == ["was put into the tree."]


def test_removed_entry_leaves_an_empty_place(at_work):
    event = entry(Action.LOG_VIEWED)
    integrate(begin())
    damage("DELETE FROM audit_auditevent WHERE id = %s", event.pk)

    (finding,) = reconcile().findings
    assert finding.endswith("of the tree has no entry any more: it was removed.")


def test_object_that_vanished_is_found(at_work):
    Person.objects.filter(pk=at_work.pk).delete()

    assert reconcile().findings == [
        "The log knows of person petra, which is not there any more, and no deletion of it is kept."
    ]


def test_record_that_waits_for_long_is_found(at_work):
    damage(
        "INSERT INTO audit_auditevent (event_id, recorded_at, actor, actor_role, address, action, object_type,"
        " object_id, object_version, outcome, reason, request_id, record) VALUES"
        " (gen_random_uuid(), %s, 'system', 'system', '', 'log_viewed', '', '', 0, 'done', '', '', '{}')",
        timezone.now() - timedelta(minutes=5),
    )
    event = AuditEvent.objects.order_by("pk").last()
    StagedRecord.objects.create(event=event, mac=b"")

    (finding,) = reconcile().findings
    assert finding.startswith(f"Entry {event.pk} has waited for its place in the tree")


def test_command_names_the_findings_and_fails(at_work):
    Person.objects.filter(pk=at_work.pk).delete()
    output = StringIO()
    with pytest.raises(CommandError, match="differ"):
        call_command("reconcile_audit", stdout=output)

    assert "person petra" in output.getvalue()
    assert "1 findings" in output.getvalue()


def test_nightly_task_keeps_its_result(at_work):
    assert reconcile_log() == 0
    assert Reconciliation.objects.count() == 1
