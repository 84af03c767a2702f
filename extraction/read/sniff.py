"""What kind of file this is: by its first bytes, then by magika's model. The name is only a hint between texts.

Nothing is parsed here; whatever is found must still open in the real parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from extraction.errors import EmptyFile, PasswordNeeded, UnknownFormat

if TYPE_CHECKING:
    from magika import Magika

LOOKED_AT = 64 * 1024
IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
# Texts by magika's reckoning that are programs for a printer or a picture, not something to read.
NOT_PROSE = frozenset({"rtf", "svg", "postscript", "ps", "latex", "mht", "ics", "vcf"})
MAIL_HEADERS = frozenset(
    b"from to cc subject date received return-path message-id mime-version delivered-to content-type reply-to".split()
)
HEADER_LINE = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`kind` names the parser: pdf, image, text, html, docx or mail."""

    kind: str
    label: str


def sniff(untrusted_content: bytes, untrusted_name: str = "") -> Sniffed:
    """Raises EmptyFile, UnknownFormat, or PasswordNeeded for an encrypted Office file."""
    if not untrusted_content.strip(b"\x00\t\r\n\x0b\x0c "):
        raise EmptyFile
    kind = _kind_by_first_bytes(untrusted_content)
    if kind is not None:
        return Sniffed(kind, "")
    found = _magika().identify_bytes(untrusted_content).output
    if found.label == "docx":
        return Sniffed("docx", found.label)
    # A mail by its headers is one whatever the guess: the boundary of its parts can make it look like a web archive.
    if found.label == "eml" or _is_mail(untrusted_content[:LOOKED_AT]):
        return Sniffed("mail", found.label)
    if not found.is_text or found.label in NOT_PROSE:
        raise UnknownFormat(f"magika calls it {found.label}")
    is_page = found.label == "html" or untrusted_name.lower().endswith((".html", ".htm", ".xhtml"))
    return Sniffed("html" if is_page else "text", found.label)


def _kind_by_first_bytes(untrusted_content: bytes) -> str | None:
    if b"%PDF-" in untrusted_content[:1024]:
        return "pdf"
    if untrusted_content.startswith(IMAGE_STARTS):
        return "image"
    if untrusted_content.startswith(OLE_START) and ENCRYPTED_OFFICE in untrusted_content:
        raise PasswordNeeded
    if untrusted_content.startswith(b"PK\x03\x04") and b"word/document.xml" in untrusted_content:
        return "docx"
    return None


def _is_mail(untrusted_start: bytes) -> bool:
    """Whether it begins with header lines of which at least three are a mail's, the sender's among them."""
    names = set()
    at = 0
    while match := HEADER_LINE.match(untrusted_start, at):
        names.add(match[1].lower())
        at = match.end()
    return b"from" in names and len(names & MAIL_HEADERS) >= 3


@cache
def _magika() -> Magika:
    from magika import Magika

    return Magika()
