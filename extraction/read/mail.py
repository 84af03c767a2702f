"""EML: headers and body as text; what is attached comes back as files of its own, for the caller to read or leave."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart

from extraction.errors import BrokenFile
from extraction.read.html import html_lines
from extraction.read.limits import Limits
from extraction.read.messages import Opened
from extraction.read.text import decode, lines_of
from extraction.read.typeset import typeset
from extraction.records import Attachment

HEADERS = ("From", "To", "Cc", "Subject", "Date")
# The standard library raises these on damaged parts, besides its own errors.
DAMAGED = (MessageError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
LONGEST_NAME = 200


def open_mail(untrusted_content: bytes, limits: Limits) -> Opened:
    """Raises BrokenFile or TooManyPages. Attachments beyond the limit are left out and said so."""
    findings: list[str] = []
    try:
        message = message_from_bytes(untrusted_content, policy=policy.default)
        attachments, skipped = _attachments(message, limits)
        lines = [*_header_lines(message), "", *_body_lines(message, limits, findings)]
    except DAMAGED as error:
        raise BrokenFile from error
    if skipped:
        findings.append("attachments_left_out")
    count, pages = typeset(lines, limits)
    return Opened("message/rfc822", count, pages, findings, attachments)


def _header_lines(message: EmailMessage) -> list[str]:
    return [f"{name}: {' '.join(str(message[name]).split())}" for name in HEADERS if message[name]]


def _body_lines(message: EmailMessage, limits: Limits, findings: list[str]) -> list[str]:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return []
    text = _text_of(body)
    if body.get_content_subtype() != "html":
        return lines_of(text)
    lines, remarks = html_lines(text, limits)
    findings.extend(remarks)
    return lines


def _text_of(part: MIMEPart) -> str:
    """A text part in the encoding that it names; where it names a wrong one, in the one that its bytes show."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset("utf-8"))
    except (UnicodeDecodeError, LookupError):
        return decode(payload)


def _attachments(message: EmailMessage, limits: Limits) -> tuple[tuple[Attachment, ...], bool]:
    """The attached files, and whether some were left out because there are too many."""
    found: list[Attachment] = []
    for part in message.iter_attachments():
        if len(found) == limits.attachments:
            return tuple(found), True
        content = _content_of(part)
        if content:
            name = part.get_filename() or f"attachment-{len(found) + 1}"
            found.append(Attachment(name[:LONGEST_NAME], content))
    return tuple(found), False


def _content_of(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
