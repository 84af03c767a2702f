"""A box to be attacked: a PostgreSQL of its own in a temporary folder, a log made by the real sequencer, and copies of
its database to go back to."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from psycopg import sql

from appliance.operations.postgres import DATABASE, ROLE, EmbeddedPostgres

LOG_ID = "attacked"
EMPTY = "empty_copy"
GROWING = "auditevent leaf tile epoch checkpoint witness cosignature reconciliation".split()  # noqa: SIM905


def start(folder: Path) -> EmbeddedPostgres:
    """A running server with an empty, migrated database, and Django set up for it. Call once in a process."""
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    os.environ |= {"STRONGROOM_DATA_DIR": str(folder), "DATABASE_URL": server.url()}
    os.environ["DJANGO_SETTINGS_MODULE"] = "appliance.settings"
    django.setup()
    # No sequencer runs beside the bench: who must wait for it does its work.
    settings.AUDIT_WAIT = "inline"
    from appliance.audit.key_files import make_keys
    from appliance.operations.database_roles import make_roles
    from appliance.sealing import keyset

    make_keys(settings.KEYS_DIR, settings.SIGNING_KEYS_DIR, log_id=LOG_ID)
    keyset.make(keyset.path())
    call_command("migrate", verbosity=0)
    make_roles()
    return server


def leave(server: EmbeddedPostgres) -> None:
    connections.close_all()
    server.stop()


@dataclass
class Box:
    """The database as it is now; `keep` and `go_back` name copies of it."""

    server: EmbeddedPostgres
    folder: Path
    anchors: Path = field(init=False)

    def __post_init__(self) -> None:
        from appliance.audit.log.anchors import anchor_folder

        self.anchors = anchor_folder()
        # A rotation removes the old private key; who goes back needs it again.
        self.first_keys = {path: path.read_bytes() for path in settings.SIGNING_KEYS_DIR.iterdir()}

    def keep(self, name: str) -> None:
        connections.close_all()
        self._server_does(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {DATABASE}")

    def go_back(self, name: str) -> None:
        connections.close_all()
        self._server_does(
            f"DROP DATABASE {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE} TEMPLATE {name} OWNER {ROLE}"
        )
        for path, content in self.first_keys.items():
            path.write_bytes(content)

    def forget_anchors(self) -> None:
        for note in self.anchors.glob("*.note"):
            note.unlink()

    def _server_does(self, *statements: str) -> None:
        with psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement))  # type: ignore[arg-type]

    def is_refused(self, statement: str, *, role: str) -> bool:
        """Whether the database refuses this to a role: its rights do not reach, or a trigger says no."""
        with psycopg.connect(self.server.url()) as connection:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            try:
                connection.execute(statement)  # type: ignore[arg-type]
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation):
                return True
            finally:
                connection.rollback()
        return False

    def as_superuser(self, *statements: str | tuple[str, Sequence[object]]) -> None:
        """With every trigger switched off; afterwards they are on again, as a careful forger leaves them."""
        with psycopg.connect(self.server.url(role="postgres")) as connection:
            for table in GROWING:
                connection.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")  # type: ignore[arg-type]
            for statement in statements:
                text, values = (statement, ()) if isinstance(statement, str) else statement
                connection.execute(text, values)  # type: ignore[arg-type]
            for table in GROWING:
                connection.execute(f"ALTER TABLE audit_{table} ENABLE ALWAYS TRIGGER audit_{table}_no_change")  # type: ignore[arg-type]
                connection.execute(f"ALTER TABLE audit_{table} ENABLE ALWAYS TRIGGER audit_{table}_no_truncate")  # type: ignore[arg-type]


def act(count: int, *, actor: str = "clara") -> None:
    """So many views of documents, each a transaction of its own."""
    from appliance.audit.actions import Action
    from appliance.audit.context import Actor, acting_as
    from appliance.audit.record import Subject, record

    for number in range(count):
        with acting_as(Actor(actor, "clerk", "password", "127.0.0.1")), transaction.atomic():
            record(Action.DOCUMENT_VIEWED, subject=Subject("document", f"{actor}-{number}"), reason="looked at")


def sequence(*, sign: bool) -> int:
    """Put what waits into the tree; returns the size of the newest checkpoint, of a new one where `sign`."""
    from appliance.audit.log import sequencing
    from appliance.audit.log.anchors import catch_up
    from appliance.audit.log.state import newest_checkpoint

    writer = sequencing.resume()
    while sequencing.integrate(writer):
        pass
    if sign:
        sequencing.sign(writer)
        catch_up()
    newest = newest_checkpoint()
    return newest.size if newest else 0


def record_at(index: int) -> bytes:
    from appliance.audit.models import Leaf

    return bytes(Leaf.objects.select_related("event").get(index=index).event.record)


def edited(record: bytes, **changed: object) -> bytes:
    """The record in its canonical form with other values."""
    value = {**json.loads(record), **changed}
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def now_us() -> int:
    return time.time_ns() // 1000
