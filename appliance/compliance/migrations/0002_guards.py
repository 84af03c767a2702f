from __future__ import annotations

from django.db import migrations

from appliance.compliance.guards import guards_sql, undo_guards_sql


class Migration(migrations.Migration):
    """Held documents, decided approvals and tombstones are kept by the database itself."""

    dependencies = (
        ("compliance", "0001_initial"),
        ("documents", "0002_duplicates_thumbnails_current_extraction"),
        ("review", "0001_initial"),
    )
    operations = (migrations.RunSQL(guards_sql(), undo_guards_sql()),)
