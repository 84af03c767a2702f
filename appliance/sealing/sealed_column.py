"""The step of a migration that turns a plain column into an encrypted one."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from appliance.sealing.errors import SealingError


class PlainRowsFound(SealingError):
    def __init__(self, table: str) -> None:
        super().__init__(
            f"This box holds records from before encryption at rest ({table}); nothing was changed. Start the version "
            "that wrote them, export what you need, then `make reset` with this one and upload the originals again."
        )


class SealColumn(migrations.AlterField):
    """Only for empty tables: plain rows would stay readable in unused blocks of the disk, whatever became of them."""

    reversible = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table, column = model._meta.db_table, model._meta.get_field(self.name).column
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')  # noqa: S608  a model's own table
            if cursor.fetchone()[0]:
                raise PlainRowsFound(table)
        change = "ALTER TABLE {0} ALTER COLUMN {1} DROP DEFAULT, ALTER COLUMN {1} TYPE bytea USING ''::bytea"
        schema_editor.execute(change.format(f'"{table}"', f'"{column}"'))
