from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is needed to say where a value comes from, and to run an extraction again and compare."""

    dependencies = (("documents", "0002_duplicates_thumbnails_current_extraction"),)
    operations = (
        migrations.CreateModel(
            name="DigestText",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("text", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="extraction",
            name="engine",
            field=models.TextField(blank=True, help_text="What computed the answers: packages, threads, processor."),
        ),
        migrations.AddField(
            model_name="extraction",
            name="page_digests",
            field=models.JSONField(default=list, help_text="SHA-256 of each page's words as the run saw them."),
        ),
        migrations.AddField(
            model_name="extraction",
            name="salt",
            field=models.CharField(
                blank=True,
                help_text="Of the log's commitments to this run; empty for runs that made none.",
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="stage",
            field=models.CharField(
                choices=[("read", "Reading"), ("extract", "Extraction"), ("replay", "Replay")], max_length=10
            ),
        ),
        migrations.CreateModel(
            name="ModelAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("question", models.CharField(help_text="SHA-256 of prompt and grammar.", max_length=64)),
                ("answer", models.BinaryField()),
                ("tokens", models.BinaryField(help_text="Numbers of 32 bits, little-endian.")),
                ("ends", models.BinaryField(help_text="The byte behind each token, in the same form.")),
                ("finished", models.BooleanField()),
                (
                    "extraction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="documents.extraction",
                    ),
                ),
            ],
            options={
                "ordering": ("extraction", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("extraction", "position"), name="one_answer_per_position")
                ],
            },
        ),
    )
