from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="thumbnail_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="document",
            name="current_extraction",
            field=models.ForeignKey(
                help_text="The run that counts; a run that is reused may be older than others.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="documents.extraction",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("reading", "Reading"),
                    ("read", "Read"),
                    ("extracting", "Extracting"),
                    ("to_review", "To review"),
                    ("accepted", "Accepted"),
                    ("exported", "Exported"),
                    ("quarantined", "Set aside"),
                    ("needs_password", "Needs password"),
                    ("duplicate", "Duplicate"),
                ],
                db_index=True,
                default="received",
                max_length=20,
            ),
        ),
    ]
