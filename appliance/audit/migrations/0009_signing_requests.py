from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the pages ask the sequencer, which alone holds the key, for a signature."""

    dependencies = (("audit", "0008_log_check"),)
    operations = (
        migrations.CreateModel(
            name="SigningRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField(unique=True)),
                ("note", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    )
