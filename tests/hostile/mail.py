"""Hostile e-mails: nesting, floods of headers, names of attachments, encodings."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from tests import samples
from tests.hostile.kinds import READ, kind

HEAD = "From: a@harbour.example\r\nTo: b@mason.example\r\nSubject: Your order %d\r\nMIME-Version: 1.0\r\n"
NAMES = (
    "../../../etc/passwd", "..\\..\\x.exe", "/etc/shadow", "a\0.pdf", "a\r\nX: y.pdf", "‮fdp.exe", "CON", "x" * 4096,
    "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "",
)  # fmt: skip


BOUNDARY = re.compile(rb"={15}\d+==")


def message(attachments: Sequence[tuple[str, bytes]] | None = None, *, html: bool = False) -> bytes:
    """The sample e-mail with a boundary that is the same each time."""
    return BOUNDARY.sub(b"=====boundary=====", samples.message_eml(attachments, html=html))


def mail_in_mail(number: int) -> bytes:
    """A message in a message in a message."""
    content = HEAD % number + "\r\nThe innermost one.\r\n"
    for _ in range(5 * 2**number):
        content = HEAD % number + "Content-Type: message/rfc822\r\n\r\n" + content
    return content.encode()


def parts_in_parts(number: int) -> bytes:
    """Multiparts in multiparts."""
    depth = 10 * 2**number
    opening = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\r\n\r\n--b{at}\r\n' for at in range(depth))
    return (HEAD % number + opening + "Content-Type: text/plain\r\n\r\nDeep inside.\r\n").encode()


def header_flood(number: int) -> bytes:
    """Thousands of headers, and one that never ends."""
    many = "".join(f"X-Flood-{at}: {'a' * 60}\r\n" for at in range(2_000 * (number + 1)))
    endless = "Cc: " + ",\r\n ".join(f"p{at}@flood.example" for at in range(500 * (number + 1))) + "\r\n"
    return (HEAD % number + many + endless + "\r\nThe body.\r\n").encode()


def names_of_attachments(number: int) -> bytes:
    """Names that lead elsewhere, in the pieces of RFC 2231."""
    name = NAMES[number % len(NAMES)]
    coded = "".join(f"%{byte:02X}" for byte in name.encode())
    pieces = [coded[at : at + 60] for at in range(0, len(coded), 60)] or [""]
    told = "".join(f";\r\n filename*{at}*={chr(39) * 2 if not at else ''}{piece}" for at, piece in enumerate(pieces))
    return _with_part(
        number, f"Content-Disposition: attachment{told.replace('=' + chr(39) * 2, '=utf-8' + chr(39) * 2)}"
    )


def many_attachments(number: int) -> bytes:
    count = 51 + number
    return message([(f"{at}.txt", b"Line %d of order %d, delivered in full" % (at, number)) for at in range(count)])


def packed_body(number: int) -> bytes:
    """Megabytes of base64 that say nothing."""
    body = base64.encodebytes(bytes(1_000_000 * (number + 1))).decode()
    return (HEAD % number + "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body).encode()


def odd_encodings(number: int) -> bytes:
    charset = (
        "utf-7",
        "x-unknown",
        "utf-16",
        "idna",
        "punycode",
        "unicode_escape",
        "zlib_codec",
        "base64",
        "rot13",
        "undefined",
        "a" * 5000,
    )[number % 11]
    head = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    return (HEAD % number + head).encode() + b"Caf\xe9 +ADw-script+AD4- \\x41 \\N{SNAKE}\r\n"


def headers_in_words(number: int) -> bytes:
    """Encoded words without end, half of them broken."""
    words = " ".join(
        f"=?{name}?{how}?{text}?="
        for name, how, text in [("utf-8", "Q", "=FF=FE" * 50), ("utf-16", "B", "////"), ("", "", ""), ("x", "Z", "a")]
        * 200
    )
    sender = f"From: =?utf-8?Q?{'=41' * 100 * (number + 1)}?= <a@b.example>"
    return f"{sender}\r\nTo: {words}\r\nSubject: {words}\r\nDate: 99\r\n\r\nBody {number}\r\n".encode()


def page_in_mail(number: int) -> bytes:
    """A body of HTML with scripts, remote pictures and deep nesting."""
    depth = 100 * 2**number
    body = (
        "<div>" * depth + "<script>alert(1)</script><img src=http://attacker.example/x>Order<form>" + "</div>" * depth
    )
    return (HEAD % number + "Content-Type: text/html\r\n\r\n" + body).encode()


def _with_part(number: int, disposition: str) -> bytes:
    parts = (
        f"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the attachment.\r\n--b\r\n{disposition}\r\n"
    )
    return (
        HEAD % number + parts + f"Content-Type: text/plain\r\n\r\nThe attachment {number} itself.\r\n--b--\r\n"
    ).encode()


KINDS = (
    kind(mail_in_mail, ".eml", READ, "broken_file", variants=10),
    kind(parts_in_parts, ".eml", READ, "broken_file", "nothing_to_read", variants=10),
    kind(header_flood, ".eml", READ, "broken_file", "too_many_pages"),
    kind(names_of_attachments, ".eml", READ),
    kind(many_attachments, ".eml", READ, variants=3),
    kind(packed_body, ".eml", READ, "broken_file"),
    kind(odd_encodings, ".eml", READ, "broken_file"),
    kind(headers_in_words, ".eml", READ, "broken_file", "unknown_format"),
    kind(page_in_mail, ".eml", READ),
)
