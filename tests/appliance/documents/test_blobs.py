from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from appliance.documents import blobs


def files() -> list[Path]:
    return [path for path in Path(settings.BLOB_DIR).rglob("*") if path.is_file()]


def test_put_keeps_the_bytes_under_their_digest() -> None:
    sha256 = blobs.put(b"a receipt")

    assert sha256 == hashlib.sha256(b"a receipt").hexdigest()
    assert blobs.get(sha256) == b"a receipt"
    assert blobs.exists(sha256)


def test_put_twice_keeps_one_file_and_leaves_none_behind() -> None:
    blobs.put(b"a receipt")
    blobs.put(b"a receipt")

    assert [path.parent.name for path in files()] == [hashlib.sha256(b"a receipt").hexdigest()[2:4]]


def test_get_of_unknown_bytes_says_missing() -> None:
    with pytest.raises(blobs.BlobMissing):
        blobs.get("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_get_takes_nothing_but_a_digest_as_name(name: str) -> None:
    with pytest.raises(blobs.BlobMissing):
        blobs.get(name)


def test_get_notices_a_changed_byte() -> None:
    sha256 = blobs.put(b"a receipt")
    [path] = files()
    path.write_bytes(b"a rEceipt")

    with pytest.raises(blobs.BlobDamaged):
        blobs.get(sha256)


def test_put_that_fails_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)

    with pytest.raises(OSError, match="No space left"):
        blobs.put(b"a receipt")
    assert files() == []
