"""The SQL that lets a table only grow. Shared by the migrations of the tables that must not change."""

from __future__ import annotations


def append_only_sql(table: str) -> str:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE on `table`, also under replica mode (ENABLE ALWAYS)."""
    return f"""
    CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% on % is refused: its rows never change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege'; END $$;
    CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
    """


def undo_append_only_sql(table: str) -> str:
    return f"""
    DROP TRIGGER {table}_no_change ON {table};
    DROP TRIGGER {table}_no_truncate ON {table};
    DROP FUNCTION {table}_is_append_only();
    """
