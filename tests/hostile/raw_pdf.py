"""PDF files written object by object, so that every rule of the format can be broken on purpose."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache

MEBIBYTE = 1 << 20
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
FREE = 10
"""The first object number that `document` leaves to its caller."""


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


@cache
def deflated_zeros(mebibytes: int) -> bytes:
    """So many MiB of zeros; made piece by piece."""
    packer = zlib.compressobj(9)
    piece = bytes(MEBIBYTE)
    return b"".join([packer.compress(piece) for _ in range(mebibytes)] + [packer.flush()])


def words(number: int) -> bytes:
    """The content of an honest page, like no other."""
    lines = (f"Delivery note {number}", "Harbour Tools Ltd, 3 Quay Street, Bristol", "Total GBP 71.00")
    shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
    return f"BT /F1 12 Tf 60 700 Td {shown}ET\n".encode()


def page(entries: bytes = b"", *, content: int = 4, box: bytes = b"[0 0 595 842]") -> bytes:
    resources = b"" if b"/Resources" in entries else b"/Resources << /Font << /F1 5 0 R >> >>"
    head = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents %d 0 R " % (box, content)
    return head + resources + b" " + entries + b" >>"


def document(number: int, changed: Mapping[int, bytes] | None = None) -> dict[int, bytes]:
    """The objects of one honest page, with some of them changed or added."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page(),
        4: stream(words(number)),
        5: FONT,
    }
    return objects | dict(changed or {})


def catalog(entries: bytes) -> bytes:
    return b"<< /Type /Catalog /Pages 2 0 R " + entries + b" >>"


def written(objects: Mapping[int, bytes], trailer: bytes = b"", *, start: bytes = b"%PDF-1.7\n") -> bytes:
    """A file with a plain cross-reference table; `trailer` holds further entries."""
    parts = [start]
    places: dict[int, int] = {}
    length = len(start)
    for number, body in sorted(objects.items()):
        places[number] = length
        part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        parts.append(part)
        length += len(part)
    count = max(objects) + 1
    rows = [b"0000000000 65535 f \n"]
    rows += [b"%010d 00000 n \n" % places[at] if at in places else b"0000000000 65535 f \n" for at in range(1, count)]
    parts.append(b"xref\n0 %d\n%s" % (count, b"".join(rows)))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, length))
    return b"".join(parts)


def start_of_table(content: bytes) -> int:
    """Where the cross-reference table begins."""
    return content.rindex(b"\nxref\n") + 1
