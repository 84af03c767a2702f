from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("document_types", "0002_published_versions_are_frozen"),)
    operations = (
        migrations.AddField(
            model_name="documenttypeversion",
            name="grammar_digest",
            field=models.CharField(
                default="",
                help_text="Of the grammar that was compiled within bounds before publishing.",
                max_length=64,
            ),
        ),
    )
