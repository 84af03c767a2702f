from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes in the order in which the log is read: newest first, whatever the filter."""

    dependencies = (("audit", "0002_append_only"),)
    operations = (
        migrations.RemoveIndex(model_name="auditevent", name="audit_audit_actor_cfc037_idx"),
        migrations.RemoveIndex(model_name="auditevent", name="audit_audit_action_0d36ec_idx"),
        migrations.AlterField(model_name="auditevent", name="recorded_at", field=models.DateTimeField()),
        migrations.AddIndex(
            model_name="auditevent", index=models.Index(fields=["recorded_at", "id"], name="audit_by_time")
        ),
        migrations.AddIndex(
            model_name="auditevent", index=models.Index(fields=["actor", "recorded_at", "id"], name="audit_by_actor")
        ),
        migrations.AddIndex(
            model_name="auditevent", index=models.Index(fields=["action", "recorded_at", "id"], name="audit_by_action")
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                fields=["outcome", "recorded_at", "id"],
                condition=models.Q(outcome__in=["refused", "failed"]),
                name="audit_not_done",
            ),
        ),
    )
