from __future__ import annotations

from django.db import migrations

from appliance.retraining.datasets.frozen import frozen_sql, undo_frozen_sql


class Migration(migrations.Migration):
    """Snapshots and their entries are kept from change by the database itself."""

    dependencies = (("retraining", "0004_datasets"),)
    operations = (migrations.RunSQL(frozen_sql(), undo_frozen_sql()),)
