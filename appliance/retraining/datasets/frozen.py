"""The SQL that freezes snapshots: nothing of one changes, but that an entry is emptied, once, when it is withdrawn.

No entry can be added later either: the snapshot says how many there are, and each place is taken. Triggers are ENABLE
ALWAYS, so replica mode does not lift them; names that end in `_no_truncate` are known to the tests' database.
"""

from __future__ import annotations

_TABLES = ("retraining_snapshot", "retraining_snapshotentry")
_FUNCTIONS = """
CREATE FUNCTION retraining_snapshot_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% on % is refused: a snapshot never changes', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege'; END $$;

CREATE FUNCTION retraining_entry_has_a_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position >= (SELECT (counts->>'documents')::int FROM retraining_snapshot WHERE id = NEW.snapshot_id) THEN
        RAISE EXCEPTION 'snapshot % is complete', NEW.snapshot_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION retraining_entry_is_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE emptied retraining_snapshotentry;
BEGIN
    emptied := OLD;
    emptied.text := ''; emptied.sender := ''; emptied.fields := NULL; emptied.spans := NULL;
    emptied.withdrawn_at := NEW.withdrawn_at;
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND NEW IS NOT DISTINCT FROM emptied THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an entry of a snapshot never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
_TRIGGERS = (
    ("retraining_snapshot", "retraining_snapshot_no_change", "UPDATE OR DELETE", "retraining_snapshot_is_frozen"),
    ("retraining_snapshotentry", "retraining_entry_no_delete", "DELETE", "retraining_snapshot_is_frozen"),
    ("retraining_snapshotentry", "retraining_entry_place", "INSERT", "retraining_entry_has_a_place"),
    ("retraining_snapshotentry", "retraining_entry_emptied", "UPDATE", "retraining_entry_is_only_emptied"),
)


def frozen_sql() -> str:
    rows = (
        _trigger(table, name, events, each=f"ROW EXECUTE FUNCTION {does}") for table, name, events, does in _TRIGGERS
    )
    refused = "STATEMENT EXECUTE FUNCTION retraining_snapshot_is_frozen"
    whole = (_trigger(table, f"{table}_no_truncate", "TRUNCATE", each=refused) for table in _TABLES)
    return _FUNCTIONS + "".join(rows) + "".join(whole)


def undo_frozen_sql() -> str:
    """Triggers go with their functions."""
    names = ("retraining_snapshot_is_frozen", "retraining_entry_has_a_place", "retraining_entry_is_only_emptied")
    return "".join(f"DROP FUNCTION {name} CASCADE;\n" for name in names)


def _trigger(table: str, name: str, events: str, *, each: str) -> str:
    return f"""
    CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH {each}();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
    """
