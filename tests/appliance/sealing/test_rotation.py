"""A new key for the box: in steps that may be cut short, and the old key opens nothing afterwards."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.documents import blobs
from appliance.documents.models import Document
from appliance.sealing import keys, keyset, rotation
from appliance.sealing.errors import SealBroken
from appliance.sealing.models import DataKey
from tests.appliance.documents.made import uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keyset(tmp_path: Path, settings: Settings) -> Path:
    """Beside the keys of the log, which every record needs."""
    for path in settings.KEYS_DIR.iterdir():
        if path.is_file() and path.name != keyset.NAME:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    settings.KEYS_DIR = tmp_path
    keyset.make(keyset.path())
    return keyset.path()


@pytest.fixture
def documents(clara: Person) -> list[Document]:
    return [uploaded(clara, b"document %d" % number) for number in range(5)]


def rotate(*arguments: str) -> str:
    said = StringIO()
    call_command("rotate_keys", *arguments, stdout=said)
    keys.forget()
    return said.getvalue()


def read_back(documents: list[Document]) -> list[tuple[str, bytes]]:
    found = Document.objects.filter(pk__in=[document.pk for document in documents]).order_by("uploaded_at")
    return [(one.untrusted_name, blobs.get(one.sha256, document_id=one.pk)) for one in found]


def test_documents_are_read_under_the_new_key_and_the_files_stay_as_they_are(documents: list[Document]) -> None:
    before, files = read_back(documents), {path: path.read_bytes() for path in _files()}
    old = keyset.current().primary

    said = rotate()

    assert read_back(documents) == before
    assert {path: path.read_bytes() for path in _files()} == files
    assert set(DataKey.objects.values_list("kek_id", flat=True)) == {keyset.current().primary} != {old}
    assert "5 data keys are encrypted under key" in said


def test_the_old_key_goes_when_nothing_needs_it(documents: list[Document], own_keyset: Path) -> None:
    copy, wrapped = own_keyset.read_bytes(), bytes(DataKey.objects.get(pk=documents[0].pk).wrapped)
    rotate()
    assert len(keyset.current().ids) == 2
    rotate("--remove-old")

    assert keyset.current().ids == {keyset.current().primary}
    assert len(read_back(documents)) == 5
    with pytest.raises(SealBroken):  # a copy of a data key from before, as in an old backup
        keyset.current().unwrap(wrapped, documents[0].pk.bytes)
    own_keyset.write_bytes(copy)
    keys.forget()
    with pytest.raises(SealBroken):  # control: the copy of the old keyset does not open what is there now
        read_back(documents)


def test_one_that_was_cut_short_goes_on(documents: list[Document], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)

    def killed(done: int) -> None:
        raise KeyboardInterrupt

    new = rotation.begin()
    with pytest.raises(KeyboardInterrupt):
        rotation.rewrap_all(killed)
    assert DataKey.objects.filter(kek_id=new).count() == 2
    assert len(read_back(documents)) == 5

    said = rotate()

    assert "goes on" in said
    assert keyset.current().primary == new
    assert DataKey.objects.exclude(kek_id=new).count() == 0


def test_a_key_that_is_in_use_is_not_removed(documents: list[Document]) -> None:
    rotation.begin()

    with pytest.raises(rotation.StillInUse):
        rotation.remove_old()

    assert len(keyset.current().ids) == 2


def test_what_comes_meanwhile_is_under_the_new_key(clara: Person, documents: list[Document]) -> None:
    new = rotation.begin()

    assert DataKey.objects.get(pk=uploaded(clara, b"meanwhile").pk).kek_id == new


def test_each_step_is_on_record(documents: list[Document]) -> None:
    rotate("--remove-old")
    events = AuditEvent.objects.filter(action=Action.SEALING_KEY_CHANGED).order_by("pk")

    assert [event.reason.split()[0] for event in events] == ["new", "5", "removed:"]


def test_a_data_key_that_no_key_opens_is_told(documents: list[Document], own_keyset: Path) -> None:
    own_keyset.unlink()
    keyset.make(own_keyset)

    with pytest.raises(CommandError, match="does not fit"), transaction.atomic():
        rotate()


def test_a_missing_keyset_is_told(own_keyset: Path) -> None:
    own_keyset.unlink()

    with pytest.raises(CommandError, match="cannot be read"):
        rotate()


def _files() -> list[Path]:
    return [path for folder in map(blobs._folder, blobs.documents()) for path in folder.iterdir()]
