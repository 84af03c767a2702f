"""PostgreSQL as the product uses it, but a test may empty its database between two tests.

The append-only tables refuse TRUNCATE, also for their owner. Emptying lifts that one refusal for one transaction and
sets it again; every other statement of a test meets the triggers as the product does.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations

_FOR_EACH_GUARD = """
DO $$ DECLARE guard record; BEGIN
    FOR guard IN SELECT tgrelid::regclass AS owner, tgname FROM pg_trigger WHERE tgname LIKE '%%\\_no\\_truncate' LOOP
        EXECUTE format('ALTER TABLE %%s {action} TRIGGER %%I', guard.owner, guard.tgname);
    END LOOP;
END $$
"""


class DatabaseOperations(PostgresOperations):
    def sql_flush(self, *args: Any, **kwargs: Any) -> list[str]:
        statements = super().sql_flush(*args, **kwargs)
        lift, restore = (
            _FOR_EACH_GUARD.format(action=action).replace("%%", "%") for action in ("DISABLE", "ENABLE ALWAYS")
        )
        return [lift, *statements, restore]


class DatabaseWrapper(PostgresWrapper):
    ops_class = DatabaseOperations
