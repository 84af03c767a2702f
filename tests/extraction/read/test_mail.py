from __future__ import annotations

from extraction.read.limits import Limits
from extraction.read.mail import open_mail
from extraction.read.messages import Opened
from extraction.records import Attachment, Page
from tests import samples

HEADERS = """From: Harbour Tools <billing@harbour.example>
To: clerk@mason.example
Subject: Your invoice HT-2024-0117
Date: Mon, 04 Mar 2024 10:00:00 +0000
"""


def _text(opened: Opened) -> str:
    return "\n".join(Page(1, 1, 1, page.words or ()).text for page in opened.pages)


def test_a_mail_is_read_as_its_headers_and_its_body() -> None:
    opened = open_mail(samples.message_eml(), Limits())
    assert opened.media_type == "message/rfc822"
    assert _text(opened) == HEADERS + "Please find our invoice attached.\nKind regards\nHarbour Tools"


def test_a_mail_in_html_is_read_as_text() -> None:
    assert _text(open_mail(samples.message_eml(html=True), Limits())) == HEADERS + "Please find our invoice attached."


def test_an_attachment_comes_back_as_a_file_of_its_own() -> None:
    opened = open_mail(samples.message_eml(), Limits())
    assert opened.attachments == (Attachment("invoice.pdf", samples.invoice_pdf()),)


def test_attachments_beyond_the_limit_are_left_out_and_said() -> None:
    files = [(f"{number}.txt", b"x") for number in range(3)]
    opened = open_mail(samples.message_eml(files), Limits(attachments=2))
    assert [attachment.untrusted_name for attachment in opened.attachments] == ["0.txt", "1.txt"]
    assert opened.findings == ["attachments_left_out"]


def test_control_attachments_within_the_limit_are_all_there() -> None:
    files = [(f"{number}.txt", b"x") for number in range(2)]
    opened = open_mail(samples.message_eml(files), Limits(attachments=2))
    assert (len(opened.attachments), opened.findings) == (2, [])


def test_a_forwarded_mail_is_an_attachment() -> None:
    inner = b"From: a@example.org\nSubject: inner\n\nhello\n"
    outer = (
        b'From: b@example.org\nSubject: outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n'
        b"--x\nContent-Type: text/plain\n\nsee below\n--x\nContent-Type: message/rfc822\n\n" + inner + b"\n--x--\n"
    )
    (attachment,) = open_mail(outer, Limits()).attachments
    assert b"Subject: inner" in attachment.untrusted_content


def test_a_body_in_another_encoding_than_it_says_is_read_all_the_same() -> None:
    raw = 'From: a@b.c\nContent-Type: text/plain; charset="us-ascii"\n\nGrüße aus Köln\n'.encode()
    assert _text(open_mail(raw, Limits())) == "From: a@b.c\nGrüße aus Köln"


def test_a_damaged_mail_is_read_as_far_as_it_goes() -> None:
    raw = b'From: a@b.c\nSubject: =?utf-8?B?!!!?=\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n\nhello'
    assert _text(open_mail(raw, Limits())).endswith("hello")
