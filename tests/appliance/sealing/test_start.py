"""What a start makes of a box: a new one, one without its keyset, one from before encryption."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.operations import set_up
from appliance.sealing import keys, keyset
from appliance.sealing.models import DataKey
from appliance.sealing.sealed_column import PlainRowsFound, SealColumn
from tests.appliance.documents.made import uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_keyset(settings: Settings, tmp_path: Path) -> Path:
    """The keys of the log are there, the keyset is not."""
    for path in settings.KEYS_DIR.iterdir():
        if path.is_file() and path.name != keyset.NAME:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    settings.KEYS_DIR = settings.STATIC_ROOT = settings.MODELS_STORE_ROOT = tmp_path
    return keyset.path()


class Editor:
    """Stands in for a schema editor: keeps what it would execute."""

    def __init__(self) -> None:
        self.connection, self.executed = connection, []

    def execute(self, statement: str) -> None:
        self.executed.append(statement)


def seal(app: str, model: str, column: str) -> Editor:
    editor, state = Editor(), SimpleNamespace(apps=apps)
    field = apps.get_model(app, model)._meta.get_field(column)
    SealColumn(model, column, field).database_forwards(app, editor, state, state)
    return editor


def test_a_new_box_gets_a_keyset_and_says_where(without_keyset: Path) -> None:
    said: list[str] = []
    set_up._prepare_sealing(said.append)
    set_up._prepare_sealing(said.append)

    assert len(said) == 1
    assert str(without_keyset) in said[0]
    assert DataKey.objects.filter(pk=keys.BOX).exists()


def test_documents_without_their_keyset_stop_the_start(clara: Person, without_keyset: Path) -> None:
    DataKey.objects.create(document_id=keys.BOX, wrapped=b"x", kek_id=1)

    with pytest.raises(CommandError, match="Restore it from its copy"):
        call_command("set_up")
    assert not without_keyset.exists()


def test_records_from_before_are_not_converted(clara: Person) -> None:
    uploaded(clara)

    with pytest.raises(PlainRowsFound, match=r"nothing was changed.*make reset"):
        seal("documents", "document", "untrusted_name")


def test_control_an_empty_table_is(clara: Person) -> None:
    assert "TYPE bytea" in seal("dossier", "replay", "report").executed[0]
