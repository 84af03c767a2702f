from __future__ import annotations

from django.db import migrations

from appliance.audit.append_only import append_only_sql, undo_append_only_sql


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunSQL(append_only_sql("audit_auditevent"), undo_append_only_sql("audit_auditevent")),)
