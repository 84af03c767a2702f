from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from pgmq.install import get_embedded_install_sql


def install(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PGMQ as plain SQL: no extension has to be built or installed, and no superuser is needed."""
    with schema_editor.connection.cursor() as cursor:
        # The raw cursor: the script holds percent signs, which are no parameters.
        cursor.cursor.execute(get_embedded_install_sql())


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
