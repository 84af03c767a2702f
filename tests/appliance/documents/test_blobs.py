"""Bytes of documents: kept for good before `put` returns, encrypted, bound to their document."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from appliance.documents import blobs
from appliance.sealing import keys

pytestmark = pytest.mark.django_db
CONTENT = b"a receipt of ACME Coffee"


@pytest.fixture
def document_id() -> UUID:
    made = uuid4()
    keys.make_key(made)
    return made


def files() -> list[Path]:
    return [path for path in Path(settings.BLOB_DIR).rglob("*") if path.is_file()]


def test_put_returns_the_digest_and_get_the_bytes(document_id: UUID) -> None:
    sha256 = blobs.put(CONTENT, document_id=document_id)

    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert blobs.get(sha256, document_id=document_id) == CONTENT
    assert blobs.exists(sha256, document_id=document_id)


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 3 * 1024 * 1024 + 1])
def test_any_size_comes_back(document_id: UUID, size: int) -> None:
    content = bytes(size)

    assert blobs.get(blobs.put(content, document_id=document_id), document_id=document_id) == content


def test_the_disk_shows_neither_the_bytes_nor_their_digest(document_id: UUID) -> None:
    sha256 = blobs.put(CONTENT, document_id=document_id)

    [path] = files()
    assert CONTENT not in path.read_bytes()
    assert b"ACME" not in path.read_bytes()
    assert sha256 not in str(path)


def test_put_twice_keeps_one_file_and_leaves_none_behind(document_id: UUID) -> None:
    blobs.put(CONTENT, document_id=document_id)
    blobs.put(CONTENT, document_id=document_id)

    assert [path.parent.name for path in files()] == [str(document_id)]


def test_the_same_bytes_of_two_documents_look_different(document_id: UUID) -> None:
    """So deleting one takes nothing from the other, and the disk does not tell that they are the same."""
    other = uuid4()
    sha256 = blobs.put(CONTENT, document_id=document_id)
    blobs.put_first(CONTENT, document_id=other)

    assert len({path.name for path in files()}) == len({path.read_bytes() for path in files()}) == 2
    assert blobs.erase_all(document_id) == 1
    assert blobs.get(sha256, document_id=other) == CONTENT


def test_a_file_moved_to_another_document_is_damaged(document_id: UUID) -> None:
    other = uuid4()
    sha256 = blobs.put(CONTENT, document_id=document_id)
    [mine] = files()
    blobs.put_first(CONTENT, document_id=other)
    [theirs] = set(files()) - {mine}
    theirs.write_bytes(mine.read_bytes())

    with pytest.raises(blobs.BlobDamaged):
        blobs.get(sha256, document_id=other)


def test_get_of_unknown_bytes_says_missing(document_id: UUID) -> None:
    with pytest.raises(blobs.BlobMissing):
        blobs.get("0" * 64, document_id=document_id)


def test_get_for_an_unknown_document_says_missing(document_id: UUID) -> None:
    sha256 = blobs.put(CONTENT, document_id=document_id)

    with pytest.raises(blobs.BlobMissing):
        blobs.get(sha256, document_id=uuid4())


def test_without_its_key_a_file_is_gone(document_id: UUID) -> None:
    sha256 = blobs.put(CONTENT, document_id=document_id)
    keys.destroy_keys([document_id])

    with pytest.raises(blobs.BlobMissing):
        blobs.get(sha256, document_id=document_id)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_get_takes_nothing_but_a_digest_as_name(document_id: UUID, name: str) -> None:
    with pytest.raises(blobs.BlobMissing):
        blobs.get(name, document_id=document_id)


@pytest.mark.parametrize("place", [0, 30, -1])
def test_get_notices_a_changed_byte(document_id: UUID, place: int) -> None:
    sha256 = blobs.put(CONTENT, document_id=document_id)
    [path] = files()
    changed = bytearray(path.read_bytes())
    changed[place] ^= 1
    path.write_bytes(changed)

    with pytest.raises(blobs.BlobDamaged):
        blobs.get(sha256, document_id=document_id)


@pytest.mark.parametrize("length", [0, 10, -1])
def test_get_notices_a_cut(document_id: UUID, length: int) -> None:
    sha256 = blobs.put(CONTENT, document_id=document_id)
    [path] = files()
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(blobs.BlobDamaged):
        blobs.get(sha256, document_id=document_id)


def test_put_that_fails_leaves_no_file(document_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)

    with pytest.raises(OSError, match="No space left"):
        blobs.put(CONTENT, document_id=document_id)
    assert files() == []


def test_others_are_the_files_that_nobody_names(document_id: UUID) -> None:
    kept = blobs.put(CONTENT, document_id=document_id)
    blobs.put(b"a page of an attempt that failed", document_id=document_id)
    [orphan] = blobs.others(document_id, needed={kept})

    assert blobs.sweep([orphan], idle_seconds=60) == 0
    assert blobs.sweep([orphan], idle_seconds=0) == 1
    assert blobs.others(document_id, needed={kept}) == []
    assert blobs.get(kept, document_id=document_id) == CONTENT


def test_what_a_crash_left_half_written_is_swept(document_id: UUID) -> None:
    blobs.put(CONTENT, document_id=document_id)
    (Path(settings.BLOB_DIR) / "new" / "half").write_bytes(b"x")

    assert [blobs.sweep_new(idle_seconds=60), blobs.sweep_new(idle_seconds=0)] == [0, 1]
    assert len(files()) == 1


def test_only_documents_have_folders(document_id: UUID) -> None:
    blobs.put(CONTENT, document_id=document_id)
    (Path(settings.BLOB_DIR) / document_id.hex[:2] / "lost+found").mkdir()

    assert list(blobs.documents()) == [document_id]
