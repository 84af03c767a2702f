from __future__ import annotations

import io
import zipfile

import pytest

from extraction.errors import BrokenFile, FileTooLarge
from extraction.read.docx import MEDIA_TYPE, check_archive, open_docx
from extraction.read.limits import Limits
from extraction.records import Page
from tests import samples


def _archive(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_contract_is_read_in_order_with_its_header_and_table() -> None:
    opened = open_docx(samples.contract_docx(), Limits())
    first, second = (Page(1, 1, 1, page.words or ()).text for page in opened.pages)
    assert opened.media_type == MEDIA_TYPE
    assert first.split("\n") == [
        "Strictly confidential",
        "Non-disclosure agreement",
        "This agreement is made on 4 March 2024 between Harbour Tools Ltd and Mason & Sons.",
        "Parties  Signed",
        "Harbour Tools Ltd  Bristol  yes",
    ]
    assert second == "Governing law: England and Wales"


@pytest.mark.parametrize(
    ("entries", "limits", "error"),
    [
        ({"word/document.xml": bytes(3_000_000)}, Limits(), FileTooLarge),
        ({"word/document.xml": b"<x/>" * 100}, Limits(unpacked_bytes=300), FileTooLarge),
        ({f"word/{number}.xml": b"" for number in range(6)}, Limits(archive_entries=5), FileTooLarge),
        ({"../../etc/passwd": b"x"}, Limits(), BrokenFile),
        ({"/etc/passwd": b"x"}, Limits(), BrokenFile),
        ({"..\\windows": b"x"}, Limits(), BrokenFile),
    ],
    ids=["ratio", "total", "entries", "upwards", "absolute", "backslash"],
)
def test_an_archive_out_of_bounds_is_refused(entries: dict[str, bytes], limits: Limits, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_archive(_archive(entries), limits)


def test_control_an_archive_within_bounds_passes() -> None:
    assert check_archive(_archive({"word/document.xml": b"<x/>" * 100}), Limits()) == []


def test_macros_and_embedded_files_are_said() -> None:
    entries = {"word/vbaProject.bin": b"x", "word/embeddings/sheet.xlsx": b"x"}
    assert check_archive(_archive(entries), Limits()) == ["scripts_ignored", "embedded_files_ignored"]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and then nothing",
        _archive({"hello.txt": b"hello"}),
        samples.contract_docx()[:5_000],
        _archive({"[Content_Types].xml": b"<Types", "word/document.xml": b"<w:document"}),
    ],
    ids=["no archive", "other archive", "truncated", "broken xml"],
)
def test_what_is_no_document_is_broken(content: bytes) -> None:
    with pytest.raises(BrokenFile):
        open_docx(content, Limits())
