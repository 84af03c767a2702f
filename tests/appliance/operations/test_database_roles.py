"""The role of the application cannot touch the log's tree; the sequencer's cannot touch anything else."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from appliance.audit.actions import Action
from appliance.audit.log.sequencing import begin, integrate, sign
from appliance.audit.models import AuditEvent, Checkpoint
from appliance.audit.record import record
from appliance.operations import database_roles
from appliance.operations.database_roles import APPLICATION, SEQUENCER, make_roles
from tests.appliance.audit.made import entry

pytestmark = pytest.mark.django_db
ATTACKS = [
    "UPDATE audit_auditevent SET actor = 'nobody'",
    "DELETE FROM audit_auditevent",
    "TRUNCATE audit_auditevent",
    "UPDATE audit_stagedrecord SET mac = ''",
    "DELETE FROM audit_stagedrecord",
    "INSERT INTO audit_leaf (\"index\", event_id, leaf_hash) VALUES (7, 7, '')",
    "UPDATE audit_leaf SET leaf_hash = ''",
    "DELETE FROM audit_tile",
    "DELETE FROM audit_checkpoint",
    "INSERT INTO audit_checkpoint (size, root, time_us, epoch, note) VALUES (1, '', 0, 0, '')",
    "INSERT INTO audit_epoch (number, started_at) VALUES (99, now())",
    "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
    "DROP TABLE audit_leaf",
    "UPDATE audit_signingrequest SET note = 'x'",
    "DELETE FROM audit_cosignature",
    "DELETE FROM django_migrations",
]


@pytest.fixture
def roles():
    found = make_roles()
    if found != database_roles.ROLES:
        pytest.skip("needs a server on which the roles exist or may be made")


def take(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")


def attack(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ATTACKS)
def test_application_is_refused(roles, statement):
    take(APPLICATION)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        attack(statement)


def test_application_records_and_reads(roles):
    take(APPLICATION)
    with transaction.atomic():
        event = record(Action.LOG_VIEWED)

    assert AuditEvent.objects.get() == event


def test_sequencer_does_its_work(roles):
    entry()
    take(SEQUENCER)
    writer = begin()
    integrate(writer)
    sign(writer)

    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM accounts_person", "SELECT * FROM documents_document", "UPDATE audit_auditevent SET actor = 'x'"],
)
def test_sequencer_is_refused_all_else(roles, statement):
    take(SEQUENCER)
    with pytest.raises(ProgrammingError, match="permission denied"):
        attack(statement)


@pytest.mark.parametrize("statement", ["DELETE FROM audit_stagedrecord", "ALTER TABLE audit_leaf DISABLE TRIGGER USER"])
def test_control_the_owner_may(roles, statement):
    attack(statement)


def test_new_connection_takes_the_role_of_its_process(roles, settings):
    settings.CONFIGURATION = settings.CONFIGURATION.model_copy(update={"database_role": APPLICATION})
    database_roles.take_role(None, connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION,)
        cursor.execute("RESET ROLE")


def test_role_that_does_not_exist_changes_nothing(settings):
    settings.CONFIGURATION = settings.CONFIGURATION.model_copy(update={"database_role": "nobody_has_made_me"})
    database_roles.take_role(None, connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user")
        assert cursor.fetchone() == (True,)
