from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import appliance.audit.actions
from appliance.audit.append_only import append_only_sql, undo_append_only_sql

GROWING = (
    "audit_leaf",
    "audit_tile",
    "audit_epoch",
    "audit_checkpoint",
    "audit_witness",
    "audit_cosignature",
    "audit_reconciliation",
)


def _reference(model: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name=related_name,
        to=f"audit.{model}",
    )


class Migration(migrations.Migration):
    """The Merkle tree over the log, the way of a record into it, checkpoints and who counter-signed them."""

    dependencies = (("audit", "0006_dossier_actions"),)
    operations = (
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(choices=appliance.audit.actions.action_choices, max_length=30),
        ),
        migrations.CreateModel(
            name="StagedRecord",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="staged",
                        serialize=False,
                        to="audit.auditevent",
                    ),
                ),
                ("mac", models.BinaryField()),
                ("forged_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="leaf",
                        to="audit.auditevent",
                    ),
                ),
                ("leaf_hash", models.BinaryField()),
            ],
            options={"ordering": ("index",)},
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField()),
            ],
            options={
                "ordering": ("level", "index"),
                "constraints": [
                    models.UniqueConstraint(fields=("level", "index"), name="one_tile_for_each_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("time_us", models.BigIntegerField()),
                ("epoch", models.BigIntegerField()),
                ("note", models.TextField()),
            ],
            options={"ordering": ("-size",)},
        ),
        migrations.CreateModel(
            name="Witness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("key_line", models.CharField(max_length=300, unique=True)),
                ("registered_by", models.CharField(max_length=150)),
                ("registered_at", models.DateTimeField()),
            ],
            options={"verbose_name_plural": "witnesses"},
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_s", models.BigIntegerField()),
                ("line", models.TextField()),
                ("received_by", models.CharField(max_length=150)),
                ("received_at", models.DateTimeField()),
                ("checkpoint", _reference("checkpoint", "cosignatures")),
                ("witness", _reference("witness", "cosignatures")),
            ],
            options={
                "ordering": ("-checkpoint", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("checkpoint", "witness"), name="one_cosignature_each"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("events", models.BigIntegerField()),
                ("subjects", models.BigIntegerField()),
                ("finding_count", models.PositiveIntegerField()),
                ("findings", models.JSONField()),
            ],
            options={"ordering": ("-made_at",)},
        ),
        *(migrations.RunSQL(append_only_sql(table), undo_append_only_sql(table)) for table in GROWING),
    )
