"""The search finds a word in every form in which it may stand on a disk, and nothing where it does not."""

from __future__ import annotations

import base64
import gzip
import zlib
from pathlib import Path

import pytest

from bench.marker.search import holds, search

WORD = "Akrutmxlebnd"
AROUND = b"some text before %b and behind"
FORMS = {
    "clear": WORD.encode(),
    "small": WORD.lower().encode(),
    "capitals": WORD.upper().encode(),
    "utf-16 le": WORD.encode("utf-16-le"),
    "utf-16 be": WORD.encode("utf-16-be"),
    "hexadecimal": WORD.encode().hex().encode(),
    "hexadecimal, capitals": WORD.encode().hex().upper().encode(),
    **{f"base64 at {at}": base64.b64encode(b"x" * at + WORD.encode() + b"yyyy") for at in range(6)},
    "zlib": zlib.compress(b"a line of text " + WORD.encode()),
    "zlib, quick": zlib.compress(b"a line of text " + WORD.encode(), 1),
    "gzip": gzip.compress(b"a line of text " + WORD.encode()),
    "base64 in gzip": gzip.compress(b"a line of text " + base64.b64encode(WORD.encode() + b"yyyy")),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_found(form: str) -> None:
    assert holds(AROUND % FORMS[form], WORD)


@pytest.mark.parametrize(
    "content", [b"", AROUND % b"", WORD[:-1].encode(), zlib.compress(b"another text"), bytes(range(256)) * 9]
)
def test_control_nothing_is_found_where_nothing_is(content: bytes) -> None:
    assert not holds(content, WORD)


def test_files_are_counted_by_place_and_readable_ones_in_the_store(tmp_path: Path) -> None:
    contents = {
        "postgres/base/1": FORMS["clear"], "postgres/pg_wal/2": FORMS["hexadecimal"], "log": b"nothing",
        f"tmp/{WORD}.txt": b"", "blobs/ab/1": b"\x89PNG\r\n\x1a\n", "blobs/ab/2": b"%PDF-1.7", "blobs/ab/3": b"sealed",
    }  # fmt: skip
    for name, content in contents.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "link").symlink_to(tmp_path / "postgres" / "base" / "1")

    found = search(tmp_path, WORD, store=tmp_path / "blobs")

    assert found.hits == {"postgres/base": 1, "postgres/pg_wal": 1, "tmp": 1}
    assert found.readable == {"png": 1, "pdf": 1}
    assert (found.files, found.size) == (7, sum(map(len, contents.values())))
