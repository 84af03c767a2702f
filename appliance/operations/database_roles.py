"""What each process may do in the database: rights are taken away that it never needs, the log's above all.

The processes log in as the owner of the database and give its rights up at once (SET ROLE). That stops a mistake or an
injected statement from touching the log; whoever runs code of his own in a process can take the rights back.
docs/threat-model.md says what follows from that.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import sql

from appliance.operations.postgres import ROLES

APPLICATION, SEQUENCER = ROLES

# Tables of which a role gets something else than everything. All others: the application everything, others nothing.
_RIGHTS: dict[str, dict[str, str]] = {
    "audit_auditevent": {APPLICATION: "SELECT, INSERT", SEQUENCER: "SELECT, INSERT"},
    "audit_stagedrecord": {APPLICATION: "SELECT, INSERT", SEQUENCER: "SELECT, UPDATE (forged_at), DELETE"},
    "audit_leaf": {APPLICATION: "SELECT", SEQUENCER: "SELECT, INSERT"},
    "audit_tile": {APPLICATION: "SELECT", SEQUENCER: "SELECT, INSERT"},
    "audit_epoch": {APPLICATION: "SELECT", SEQUENCER: "SELECT, INSERT"},
    "audit_checkpoint": {APPLICATION: "SELECT", SEQUENCER: "SELECT, INSERT"},
    "audit_signingrequest": {APPLICATION: "SELECT, INSERT", SEQUENCER: "SELECT, UPDATE (note)"},
    "audit_witness": {APPLICATION: "SELECT, INSERT", SEQUENCER: "SELECT"},
    "audit_cosignature": {APPLICATION: "SELECT, INSERT", SEQUENCER: "SELECT"},
    "audit_reconciliation": {APPLICATION: "SELECT, INSERT", SEQUENCER: "SELECT"},
    "django_migrations": {APPLICATION: "SELECT"},
}
_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


@transaction.atomic
def make_roles() -> tuple[str, ...]:
    """Make the roles where this login may, and set their rights, after every migration. Returns those that exist."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        may_create = bool(cursor.fetchone()[0])
    found = tuple(role for role in ROLES if _exists(role) or (may_create and _create(role)))
    for role in found:
        _grant(role)
    return found


def take_role(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """From here on the connection has the rights of STRONGROOM_DATABASE_ROLE, where there is such a role."""
    role = settings.CONFIGURATION.database_role
    if role:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', rolname, false) FROM pg_roles"
                " WHERE rolname = %s AND pg_has_role(rolname, 'MEMBER')",
                [role],
            )


def listen() -> None:
    connection_created.connect(take_role, dispatch_uid="strongroom.database_roles")


def _exists(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(rolname, 'MEMBER')", [role])
        return cursor.fetchone() is not None


def _create(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(_text("CREATE ROLE {} NOLOGIN", role))
        cursor.execute(_text("GRANT {} TO CURRENT_USER", role))
    return True


def _grant(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_text("GRANT USAGE ON SCHEMA public TO {}", role))
        cursor.execute(_text("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", role))
        cursor.execute(_text("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", role))
        for table in connection.introspection.table_names(cursor):
            rights = _RIGHTS[table].get(role) if table in _RIGHTS else _EVERYTHING if role == APPLICATION else None
            if rights:
                cursor.execute(_text(f"GRANT {rights} ON {{table}} TO {{}}", role, table=table))


def _text(statement: str, role: str, *, table: str = "") -> str:
    connection.ensure_connection()
    names = {"table": sql.Identifier(table)} if table else {}
    return sql.SQL(statement).format(sql.Identifier(role), **names).as_string(connection.connection)
