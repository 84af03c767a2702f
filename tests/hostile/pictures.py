"""Hostile pictures: floods of pixels and frames, loops, lies about size, and other formats under the name of one."""

from __future__ import annotations

import io
import random
import struct
import zlib

from PIL import Image

from tests import samples
from tests.hostile.kinds import READ, kind


def png_flood(number: int) -> bytes:
    """A few kilobytes that claim to be a picture with up to billions of pixels."""
    return _numbered(samples.bomb_png(7_000 + 3_000 * number), number)


def png_in_full(number: int) -> bytes:
    """All of the pixels are really there, packed a thousand times."""
    side = 4_000 + 600 * number
    rows = zlib.compress((b"\0" + bytes(side)) * side, 1)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def png_texts(number: int) -> bytes:
    """Packed texts and colour profiles that fill the memory when they are unpacked."""
    bomb = zlib.compress(bytes(20_000_000), 9)
    name = (b"zTXt", b"iCCP", b"iTXt")[number % 3]
    body = b"a\0\1\0\0\0" + bomb if name == b"iTXt" else b"a\0\0" + bomb
    plain = samples.receipt_png()
    return plain[:33] + _chunk(name, body) * (number + 1) + plain[33:]


def png_damaged(number: int) -> bytes:
    """Wrong sums, wrong lengths, parts out of order."""
    content = bytearray(samples.receipt_png())
    for at in random.Random(number).sample(range(16, len(content)), 3 * (number + 1)):
        content[at] ^= 0xFF
    return bytes(content)


def jpeg_flood(number: int) -> bytes:
    """The head of a JPEG says 65,535 by 65,535."""
    content = samples.receipt_jpeg()
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", 65_535, 65_535 - number) + content[at + 4 :]


def jpeg_notes(number: int) -> bytes:
    """EXIF that points nowhere, at itself, or says nonsense."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x0112, 3, 1, 200 + number)
    tiff += struct.pack("<I", 8 if number % 2 else 2**32 - 1)
    note = b"Exif\0\0" + tiff + random.Random(number).randbytes(50 * number)
    content = samples.receipt_jpeg()
    return content[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + content[2:]


def tiff_of_many_pages(number: int) -> bytes:
    """Thousands of frames, each of a few pixels."""
    return _tiff([(8, 8)] * (501 + 500 * number))


def tiff_loop(number: int) -> bytes:
    """The last frame is followed by an earlier one."""
    return _tiff([(400, 100)] * (number + 1), loop=True)


def tiff_strips(number: int) -> bytes:
    """Strips that lie outside of the file, are endless, or of no bytes."""
    size = (2**32 - 1, 0, 2**31, 10)[number % 4]
    return _tiff([(600 + number, 400)], strip=(2**31 if number % 2 else 8, size))


def tiff_flood(number: int) -> bytes:
    return _tiff([(60_000 + number, 60_000)])


def gif_flood(number: int) -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HH", 65_535, 65_535 - number)
        + b"\x80\0\0"
        + bytes(6)
        + b",\0\0\0\0\xff\xff\xff\xff\0\x02;"
    )


def webp_flood(number: int) -> bytes:
    head = b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", 0x0FFFFFFF - number) + bytes(5)
    return b"RIFF" + struct.pack("<I", len(head) + 4) + b"WEBP" + head


def jpeg_2000(number: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (64 + number, 64)).save(stream, "JPEG2000")
    content = bytearray(stream.getvalue())
    at = content.index(b"ihdr") + 4
    content[at : at + 8] = struct.pack(">II", 2**31 - 1, 2**31 - 1 - number)
    return bytes(content)


def heic(number: int) -> bytes:
    box = b"ftypheic" + bytes(4) + b"mif1heic"
    return struct.pack(">I", len(box) + 4) + box + struct.pack(">I", 2**32 - 1) + b"meta" + bytes(100 + number)


def fits_in_disguise(number: int) -> bytes:
    """An astronomer's picture, packed, under the name of a PNG."""
    cards = (
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    2",
        f"NAXIS1  =           {1_000_000 + number:10}",
        "NAXIS2  =              1000000",
        "END",
    )
    return "".join(card.ljust(80) for card in cards).ljust(2880).encode() + zlib.compress(bytes(1_000_000), 9)


def svg_as_picture(number: int) -> bytes:
    script = "<script>alert(1)</script>" if number % 2 else '<image href="file:///etc/passwd"/>'
    return f"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' width='{10**number}'>{script}</svg>".encode()


def page_as_picture(number: int) -> bytes:
    """HTML under the name of a JPEG."""
    return b"<!doctype html><html><body><h1>Order %d</h1><img src=x onerror=alert(1)></body></html>" % number


def thin_picture(number: int) -> bytes:
    """One pixel high and thousands wide, or the other way round."""
    size = (9_000 + number, 1) if number % 2 else (1, 9_000 + number)
    stream = io.BytesIO()
    Image.new("L", size, 255 - number).save(stream, "PNG")
    return stream.getvalue()


def noise(number: int) -> bytes:
    """Nothing but noise, in which OCR may look for lines as long as it likes."""
    stream = io.BytesIO()
    side = 600 + 40 * number
    Image.frombytes("L", (side, side), random.Random(number).randbytes(side * side)).save(stream, "PNG")
    return stream.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _numbered(png: bytes, number: int) -> bytes:
    return png[:33] + _chunk(b"tEXt", b"Number\0%d" % number) + png[33:]


def _tiff(frames: list[tuple[int, int]], *, loop: bool = False, strip: tuple[int, int] | None = None) -> bytes:
    """Grey frames of (width, height) without their pixels: all share the same few bytes."""
    content = b"II*\0" + struct.pack("<I", 8)
    length = 2 + 12 * 7 + 4
    for at, (width, height) in enumerate(frames):
        offset, size = strip or (8, min(width * height, 64))
        entries = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, offset), (279, size))
        follows = 8 + (at + 1) * length if at + 1 < len(frames) else 8 if loop else 0
        content += struct.pack("<H", len(entries))
        content += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        content += struct.pack("<I", follows)
    return content + bytes(64)


KINDS = (
    kind(png_flood, ".png", "page_too_large", "broken_file", "nothing_to_read"),
    kind(png_in_full, ".png", "page_too_large", "nothing_to_read", variants=6),
    kind(png_texts, ".png", READ, "broken_file", "page_too_large"),
    kind(png_damaged, ".png", READ, "broken_file", "nothing_to_read", "unknown_format"),
    kind(jpeg_flood, ".jpg", "page_too_large"),
    kind(jpeg_notes, ".jpg", READ),
    kind(tiff_of_many_pages, ".tif", "too_many_pages", "broken_file", variants=10),
    kind(tiff_loop, ".tif", "broken_file", "nothing_to_read"),
    kind(tiff_strips, ".tif", "broken_file", "nothing_to_read"),
    kind(tiff_flood, ".tif", "page_too_large"),
    kind(gif_flood, ".gif", "unknown_format"),
    kind(webp_flood, ".webp", "unknown_format"),
    kind(jpeg_2000, ".jp2", "unknown_format"),
    kind(heic, ".heic", "unknown_format"),
    kind(fits_in_disguise, ".png", "unknown_format"),
    kind(svg_as_picture, ".jpg", "unknown_format", READ),
    kind(page_as_picture, ".jpg", READ),
    kind(thin_picture, ".png", "nothing_to_read"),
    kind(noise, ".png", "nothing_to_read", READ),
)
