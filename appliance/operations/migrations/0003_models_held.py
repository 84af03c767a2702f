from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operations", "0002_heartbeat")]

    operations = [
        migrations.AddField(
            model_name="workerheartbeat",
            name="holds",
            field=models.JSONField(default=list),
        ),
    ]
