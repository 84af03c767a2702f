"""The SQL that makes a hold hold, whoever asks: an administrator's own DELETE is refused like the application's.

Every trigger is ENABLE ALWAYS, so replica mode does not lift it. Who owns the tables can still drop triggers; that is
what the audit log and its reconciliation are for. Names that end in `_no_truncate` are known to the tests' database.
"""

from __future__ import annotations

COVER_NEW = """
CREATE OR REPLACE FUNCTION compliance_cover_new_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Holds that ask for a part of the name are left to `holding.cover_by_name`: names are encrypted here.
    -- Shared among documents, exclusive for a hold that is being placed: it waits until changes under way are over,
    -- and later ones see it. So no document slips through between the two.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('compliance.holds', 0));
    INSERT INTO compliance_helddocument (hold_id, document_id)
        SELECT hold.id, NEW.id FROM compliance_legalhold AS hold
        WHERE hold.released_at IS NULL AND hold.scope <> 'list'
          AND (hold.document_type_id IS NULL OR hold.document_type_id = NEW.document_type_id)
          AND (hold.uploaded_from IS NULL OR NEW.uploaded_at >= hold.uploaded_from)
          AND (hold.uploaded_before IS NULL OR NEW.uploaded_at < hold.uploaded_before)
          AND hold.name_contains = ''
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
COVERING = """
CREATE TRIGGER compliance_cover AFTER INSERT OR UPDATE OF document_type_id ON documents_document
    FOR EACH ROW EXECUTE FUNCTION compliance_cover_new_document();
ALTER TABLE documents_document ENABLE ALWAYS TRIGGER compliance_cover;

CREATE FUNCTION compliance_is_held(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM compliance_helddocument AS held
        JOIN compliance_legalhold AS hold ON hold.id = held.hold_id
        WHERE held.document_id = wanted AND hold.released_at IS NULL)
$$;

CREATE FUNCTION compliance_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id <> OLD.id OR NEW.sha256 <> OLD.sha256) AND compliance_is_held(OLD.id) THEN
            RAISE EXCEPTION 'document % is under a legal hold', OLD.id USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('compliance.holds', 0));
    IF compliance_is_held(OLD.id) THEN
        RAISE EXCEPTION 'document % is under a legal hold', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM compliance_tombstone WHERE document_id = OLD.id) THEN
        RAISE EXCEPTION 'document % cannot go without a tombstone', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER compliance_keep BEFORE DELETE OR UPDATE OF id, sha256 ON documents_document
    FOR EACH ROW EXECUTE FUNCTION compliance_keep_document();
ALTER TABLE documents_document ENABLE ALWAYS TRIGGER compliance_keep;

CREATE FUNCTION compliance_keep_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF compliance_is_held(OLD.document_id) THEN
        RAISE EXCEPTION 'document % is under a legal hold', OLD.document_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION compliance_keep_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF compliance_is_held((SELECT document_id FROM documents_extraction WHERE id = OLD.extraction_id)) THEN
        RAISE EXCEPTION 'value % is of a document under a legal hold', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
"""

PARTS = {
    "documents_page": "compliance_keep_part",
    "documents_extraction": "compliance_keep_part",
    "review_decision": "compliance_keep_part",
    "documents_fieldvalue": "compliance_keep_value",
}

RECORDS = """
CREATE FUNCTION compliance_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;

CREATE FUNCTION compliance_approval_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'a decided approval never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.kind, NEW.subject, NEW.details, NEW.reason, NEW.asked_at)
        IS DISTINCT FROM (OLD.kind, OLD.subject, OLD.details, OLD.reason, OLD.asked_at)
        OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id THEN
        RAISE EXCEPTION 'what was asked for never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_final BEFORE UPDATE OR DELETE ON compliance_approval
    FOR EACH ROW EXECUTE FUNCTION compliance_approval_is_final();

CREATE FUNCTION compliance_two_persons_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_at IS NOT NULL THEN
        RAISE EXCEPTION 'a released hold never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.scope, NEW.name, NEW.reason, NEW.name_contains, NEW.placed_by_id)
        IS DISTINCT FROM (OLD.scope, OLD.name, OLD.reason, OLD.name_contains, OLD.placed_by_id)
        OR NEW.document_type_id IS DISTINCT FROM OLD.document_type_id
        OR NEW.uploaded_from IS DISTINCT FROM OLD.uploaded_from
        OR NEW.uploaded_before IS DISTINCT FROM OLD.uploaded_before THEN
        RAISE EXCEPTION 'what a hold covers never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.released_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM compliance_approval AS approval
        WHERE approval.id = NEW.release_id AND approval.kind = 'release_hold' AND approval.state = 'approved'
          AND approval.subject = OLD.id::text AND approval.asked_by_id <> approval.decided_by_id
    ) THEN
        RAISE EXCEPTION 'hold % is released by two persons only', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_release BEFORE UPDATE ON compliance_legalhold
    FOR EACH ROW EXECUTE FUNCTION compliance_two_persons_release();
CREATE TRIGGER compliance_no_delete BEFORE DELETE ON compliance_legalhold
    FOR EACH ROW EXECUTE FUNCTION compliance_refuse();
ALTER TABLE compliance_approval ENABLE ALWAYS TRIGGER compliance_final;
ALTER TABLE compliance_legalhold ENABLE ALWAYS TRIGGER compliance_release;
ALTER TABLE compliance_legalhold ENABLE ALWAYS TRIGGER compliance_no_delete;
"""

GROWING = ("compliance_approvaldocument", "compliance_helddocument", "compliance_tombstone")
NEVER_EMPTIED = (*GROWING, "compliance_approval", "compliance_legalhold", "documents_document", *PARTS)


def guards_sql() -> str:
    parts = "".join(_row_guard(table, f"{table}_keep", "DELETE", function) for table, function in PARTS.items())
    growing = "".join(
        _row_guard(table, f"{table}_no_change", "UPDATE OR DELETE", "compliance_refuse") for table in GROWING
    )
    return COVER_NEW + COVERING + RECORDS + parts + growing + "".join(_no_truncate(table) for table in NEVER_EMPTIED)


def keys_sql() -> str:
    """Without its key a document is gone: what is held keeps it."""
    table = "sealing_datakey"
    return COVER_NEW + _row_guard(table, f"{table}_keep", "DELETE", "compliance_keep_part") + _no_truncate(table)


def undo_keys_sql() -> str:
    return "".join(f"DROP TRIGGER sealing_datakey_{name} ON sealing_datakey;" for name in ("keep", "no_truncate"))


def undo_guards_sql() -> str:
    """Functions go with everything that stands on them."""
    functions = (
        "compliance_cover_new_document",
        "compliance_keep_document",
        "compliance_keep_part",
        "compliance_keep_value",
        "compliance_refuse",
        "compliance_approval_is_final",
        "compliance_two_persons_release",
        "compliance_is_held",
    )
    return "".join(f"DROP FUNCTION {name} CASCADE;\n" for name in functions)


def _row_guard(table: str, name: str, operations: str, function: str) -> str:
    return f"""
    CREATE TRIGGER {name} BEFORE {operations} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
    """


def _no_truncate(table: str) -> str:
    return f"""
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION compliance_refuse();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
    """
