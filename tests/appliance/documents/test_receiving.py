"""Files too large for memory while they come in: unnamed, and refused in words where there is no room."""

from __future__ import annotations

import errno
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadhandler import SkipFile
from django.test import Client, RequestFactory
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.documents import receiving
from appliance.documents.errors import StorageFailed, StorageFull
from appliance.documents.models import Document
from appliance.documents.receiving import UnnamedFileHandler, check_complete
from tests.appliance.documents.test_inbox import send

ClientFor = Callable[[Person], Client]
CONTENT = b"line of a long text\n" * 10_000


@pytest.fixture
def small_memory(settings: Settings, tmp_path: Path) -> Path:
    """Everything is too large for memory; returns the temporary folder."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


class Disk(io.BytesIO):
    """Takes so many bytes, then fails as a disk does."""

    def __init__(self, room: int, number: int = errno.ENOSPC) -> None:
        super().__init__()
        self.room, self.number = room, number

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.room:
            raise OSError(self.number, "the disk says no")
        return super().write(data)


def test_large_file_comes_in_whole(clara: Person, client_for: ClientFor, small_memory: Path) -> None:
    status, _ = send(client_for(clara), CONTENT)

    assert (status, Document.objects.get().size) == (201, len(CONTENT))


def test_file_that_comes_in_has_no_name(small_memory: Path) -> None:
    handler = UnnamedFileHandler(RequestFactory().post("/"))
    handler.handle_raw_input(None, {}, len(CONTENT), b"", None)
    handler.new_file("file", "a.txt", "text/plain", None)
    handler.receive_data_chunk(CONTENT, 0)

    assert list(small_memory.iterdir()) == []
    with handler.file_complete(len(CONTENT)) as file:
        assert file.read() == CONTENT


def test_control_an_ordinary_temporary_file_has_a_name(small_memory: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=small_memory):
        assert len(list(small_memory.iterdir())) == 1


@pytest.mark.parametrize(
    ("number", "status", "code"), [(errno.ENOSPC, 507, "storage_full"), (errno.EIO, 503, "storage_failed")]
)
def test_disk_that_fails_in_the_middle_is_told_in_words(
    clara: Person,
    client_for: ClientFor,
    small_memory: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    status: int,
    code: str,
) -> None:
    client = client_for(clara)
    with monkeypatch.context() as patch:
        patch.setattr(receiving.tempfile, "TemporaryFile", lambda **_: Disk(len(CONTENT) // 2, number))
        told, answer = send(client, CONTENT)

    assert (told, answer["code"]) == (status, code)
    assert Document.objects.count() == 0
    assert send(client, CONTENT)[0] == 201


def test_folder_that_takes_no_file_is_told_in_words(clara: Person, client_for: ClientFor, small_memory: Path) -> None:
    small_memory.rmdir()
    small_memory.write_bytes(b"no folder")

    assert send(client_for(clara), CONTENT)[1]["code"] == "storage_failed"


def test_file_that_would_touch_the_reserve_is_not_even_begun(small_memory: Path, settings: Settings) -> None:
    settings.DISK_RESERVE_BYTES = 10**18
    request = RequestFactory().post("/")
    handler = UnnamedFileHandler(request)
    handler.handle_raw_input(None, {}, len(CONTENT), b"", None)

    with pytest.raises(SkipFile):
        handler.new_file("file", "a.txt", "text/plain", None)
    handler.upload_interrupted()
    with pytest.raises(StorageFull):
        check_complete(request)


def test_one_of_two_files_that_fails_leaves_the_other_whole(small_memory: Path) -> None:
    request = RequestFactory().post("/")
    handler = UnnamedFileHandler(request)
    handler.handle_raw_input(None, {}, len(CONTENT), b"", None)
    handler.new_file("file", "a.txt", "text/plain", None)
    handler.receive_data_chunk(CONTENT, 0)
    first = handler.file_complete(len(CONTENT))
    small_memory.rmdir()
    small_memory.write_bytes(b"no folder")

    with pytest.raises(SkipFile):
        handler.new_file("file", "b.txt", "text/plain", None)
    handler.file.close()  # as Django does for a file that is left out

    with first:
        assert first.read() == CONTENT
    with pytest.raises(StorageFailed):
        check_complete(request)


def test_request_whose_files_are_all_there_is_complete() -> None:
    check_complete(RequestFactory().post("/"))
