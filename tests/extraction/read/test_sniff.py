from __future__ import annotations

import re

import pytest

from extraction.errors import EmptyFile, PasswordNeeded, UnknownFormat
from extraction.read.sniff import ENCRYPTED_OFFICE, OLE_START, sniff
from tests import samples


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.invoice_pdf(), "pdf"),
        (b"\r\n\r\n" + samples.invoice_pdf(), "pdf"),
        (samples.broken_pdf(), "pdf"),
        (samples.receipt_png(), "image"),
        (samples.receipt_jpeg(), "image"),
        (samples.receipt_tiff(), "image"),
        (samples.letter_txt(), "text"),
        (samples.letter_txt("utf-16"), "text"),
        (b"item;qty;price\nhinge;12;3.50\nscrew;4;7.25\n", "text"),
        (b"# Order\n\n* hinges\n* screws\n", "text"),
        (samples.page_html(), "html"),
        (samples.contract_docx(), "docx"),
        (samples.message_eml(), "mail"),
        (samples.message_eml(html=True), "mail"),
    ],
)
def test_the_content_tells_the_kind(content: bytes, kind: str) -> None:
    assert sniff(content).kind == kind


@pytest.mark.parametrize("name", ["invoice.exe", "invoice.txt", "../../etc/passwd", "", "a.html"])
def test_a_name_does_not_change_what_the_first_bytes_say(name: str) -> None:
    assert sniff(samples.invoice_pdf(), name).kind == "pdf"


def test_a_name_decides_between_kinds_of_text() -> None:
    fragment = b"<p>Dear Sir,</p> we have received your order and will deliver on Monday.\n"
    assert sniff(fragment, "Letter.HTML").kind == "html"


@pytest.mark.parametrize("content", [b"", b" \r\n\t", bytes(500)])
def test_a_file_of_nothing_is_empty(content: bytes) -> None:
    with pytest.raises(EmptyFile):
        sniff(content)


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20,
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,",
        b"{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Times;}}\\f0\\fs24 Dear Sir, thank you.\\par }" * 5,
        OLE_START + bytes(4000),
    ],
    ids=["program", "gif", "rtf", "old office"],
)
def test_what_no_parser_knows_is_refused(content: bytes) -> None:
    with pytest.raises(UnknownFormat):
        sniff(content)


def test_an_encrypted_office_file_needs_its_password() -> None:
    with pytest.raises(PasswordNeeded):
        sniff(OLE_START + bytes(600) + ENCRYPTED_OFFICE)


def test_a_letter_that_only_talks_of_mail_is_a_text() -> None:
    assert sniff(b"From: the desk of Ada\n\nDear Sir,\nthe Date: is not set yet.\n" * 3).kind == "text"


@pytest.mark.parametrize("number", range(12))
def test_a_mail_is_one_whatever_its_boundary(number: int) -> None:
    """The first of these is one that the library once took for a web archive."""
    mail = samples.message_eml()
    boundary = re.search(rb'boundary="(.+?)"', mail)
    assert boundary is not None
    other = b"===============%d==" % (7422462424195132967401 + 31 * number)
    assert sniff(mail.replace(boundary[1], other)).kind == "mail"
