"""The log cannot be changed, not even by the database's superuser under replica mode, which skips ordinary triggers.

Each attempt is made on the log and on a twin without triggers: on the twin it must succeed, or it proves nothing. All
happens in one transaction that is rolled back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from appliance.audit.append_only import append_only_sql, undo_append_only_sql

LOG, TWIN = "audit_auditevent", "twin_without_triggers"
ATTACKS = ("UPDATE {table} SET actor = 'nobody'", "DELETE FROM {table}", "TRUNCATE {table}")
KINDS = ["update", "delete", "truncate"]
ROW = (
    "INSERT INTO audit_auditevent (event_id, recorded_at, actor, actor_role, address, action, object_type, object_id,"
    " object_version, outcome, reason, request_id, record) VALUES"
    " (gen_random_uuid(), now(), 'system', 'system', '', 'log_viewed', '', '', 0, 'done', '', '', '{}')"
)


@pytest.fixture
def superuser(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """The database's superuser in front of a log with all of its triggers, its twin, and one row in each."""
    if settings.EMBEDDED_POSTGRES is None and "SUPERUSER_DATABASE_URL" not in os.environ:
        pytest.skip("needs the embedded server, or SUPERUSER_DATABASE_URL for the one of DATABASE_URL")
    embedded = settings.EMBEDDED_POSTGRES
    name = connection.settings_dict["NAME"]
    url = embedded.url(name, "postgres") if embedded else os.environ["SUPERUSER_DATABASE_URL"]
    with psycopg.connect(url) as session:
        session.execute(undo_append_only_sql(LOG).replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS"))
        session.execute(append_only_sql(LOG))
        session.execute(ROW)
        session.execute(f"CREATE TABLE {TWIN} AS TABLE {LOG}")
        yield session
        session.rollback()


def attack(session: psycopg.Connection, sql: str, *, table: str, replica: bool) -> list[tuple[str]]:
    """Try it, and say what the table holds afterwards."""
    with session.transaction():
        if replica:
            session.execute("SET LOCAL session_replication_role = replica")
        session.execute(sql.format(table=table))
    return actors(session, table)


def actors(session: psycopg.Connection, table: str) -> list[tuple[str]]:
    return session.execute(f"SELECT actor FROM {table}").fetchall()


@pytest.mark.parametrize("replica", [False, True], ids=["plain", "replica mode"])
@pytest.mark.parametrize("sql", ATTACKS, ids=KINDS)
def test_log_refuses_its_superuser(superuser, sql, replica):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="its rows never change"):
        attack(superuser, sql, table=LOG, replica=replica)

    assert actors(superuser, LOG) == [("system",)]


@pytest.mark.parametrize("replica", [False, True], ids=["plain", "replica mode"])
@pytest.mark.parametrize(("sql", "left"), [(ATTACKS[0], [("nobody",)]), (ATTACKS[1], []), (ATTACKS[2], [])], ids=KINDS)
def test_twin_without_triggers_obeys_the_same_statement(superuser, sql, left, replica):
    assert attack(superuser, sql, table=TWIN, replica=replica) == left


def test_replica_mode_passes_a_trigger_that_is_not_always_on(superuser):
    """The control of ENABLE ALWAYS."""
    superuser.execute(f"ALTER TABLE {LOG} ENABLE TRIGGER {LOG}_no_change")

    assert attack(superuser, ATTACKS[0], table=LOG, replica=True) == [("nobody",)]


def test_attacker_is_superuser(superuser):
    assert superuser.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)


def test_log_still_takes_new_entries(superuser):
    superuser.execute(ROW)

    assert actors(superuser, LOG) == [("system",), ("system",)]


@pytest.mark.django_db
def test_role_of_the_appliance_cannot_switch_replica_mode_on():
    with pytest.raises(Exception, match="permission denied to set parameter"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
