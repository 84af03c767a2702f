from __future__ import annotations

from django.db import migrations

FREEZE = """
CREATE FUNCTION document_type_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'version % of a document type is published and never changes', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_type_version_frozen BEFORE UPDATE OR DELETE ON document_types_documenttypeversion
    FOR EACH ROW EXECUTE FUNCTION document_type_version_is_frozen();
ALTER TABLE document_types_documenttypeversion ENABLE ALWAYS TRIGGER document_type_version_frozen;
"""
THAW = """
DROP TRIGGER document_type_version_frozen ON document_types_documenttypeversion;
DROP FUNCTION document_type_version_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = (("document_types", "0001_initial"),)
    operations = (migrations.RunSQL(FREEZE, THAW),)
