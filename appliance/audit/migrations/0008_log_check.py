from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0007_signed_tree"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", models.CharField(max_length=150)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("renewed_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a worker"),
                            ("writing", "Copying the log"),
                            ("verifying", "Verifying the copy"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                ("size", models.BigIntegerField(default=0)),
                ("written", models.BigIntegerField(default=0)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No answer"),
                            ("ok", "In order"),
                            ("tampered", "Tampered with"),
                            ("incomplete", "Incomplete"),
                            ("usage", "Not checked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=30)),
                ("index", models.BigIntegerField(null=True)),
                ("checkpoints", models.BigIntegerField(default=0)),
                ("anchors", models.PositiveIntegerField(default=0)),
                ("message", models.CharField(blank=True, max_length=400)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_open", True)), fields=("is_open",), name="one_log_check_at_a_time"
                    )
                ],
            },
        ),
    ]
