from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from appliance.audit.zip_stream import zip_stream

FILES = [("manifest.json", b"{}"), ("entries/000000.jsonl", b'{"a":"\xc3\xa9"}\n' * 5000), ("tile/0/000", b"")]


def test_the_stream_is_a_zip_that_holds_the_files_in_order():
    archive = zipfile.ZipFile(io.BytesIO(b"".join(zip_stream(FILES))))

    assert archive.testzip() is None
    assert [(name, archive.read(name)) for name in archive.namelist()] == FILES


def test_bytes_leave_before_the_next_file_is_made():
    made = []

    def files() -> Iterator[tuple[str, bytes]]:
        for name, content in FILES:
            made.append(name)
            yield name, content

    stream = zip_stream(files())
    first = next(stream)

    assert made == ["manifest.json"]
    assert first.startswith(b"PK")


def test_control_a_cut_stream_is_no_zip():
    whole = b"".join(zip_stream(FILES))

    assert not zipfile.is_zipfile(io.BytesIO(whole[: len(whole) // 2]))
