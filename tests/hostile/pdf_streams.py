"""Hostile PDF files: streams that grow without end when unpacked, and pages that are never drawn to their end."""

from __future__ import annotations

import random
import struct
import zlib

from tests.hostile.kinds import READ, Kind, kind
from tests.hostile.raw_pdf import FREE, deflated_zeros, document, flate, page, stream, words, written

TYPE_0 = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [11 0 R]"
CID = (
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >>"
)


def flate_bomb(number: int) -> bytes:
    """A page's content that unpacks to hundreds of MiB."""
    return written(document(number, {4: stream(deflated_zeros(64 * (1 + number % 6)), b"/Filter /FlateDecode")}))


def flate_twice(number: int) -> bytes:
    """A bomb inside of a bomb."""
    packed = zlib.compress(deflated_zeros(128 * (1 + number % 4)), 9)
    return written(document(number, {4: stream(packed, b"/Filter [/FlateDecode /FlateDecode]")}))


def lzw_bomb(number: int) -> bytes:
    """LZW without an end mark: the table's own codes, again and again."""
    codes = [256, 0, *(range(258, 258 + 200))] * (50 * (number + 1))
    bits = "".join(f"{code & 0x1FF:09b}" for code in codes)
    packed = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    return written(document(number, {4: stream(packed, b"/Filter /LZWDecode")}))


def run_length_bomb(number: int) -> bytes:
    """Runs of 128 bytes, packed once more."""
    runs = b"\x81 " * (100_000 * (number + 1)) + b"\x80"
    packed = zlib.compress(runs, 9)
    return written(document(number, {4: stream(packed, b"/Filter [/FlateDecode /RunLengthDecode]")}))


def ascii_hex_bomb(number: int) -> bytes:
    runs = b"20" * (1_000_000 * (number + 1)) + b">"
    packed = zlib.compress(runs, 9)
    return written(document(number, {4: stream(packed, b"/Filter [/FlateDecode /ASCIIHexDecode]")}))


def nested_filters(number: int) -> bytes:
    """The same filter dozens of times."""
    depth = 10 * (number + 1)
    data = words(number)
    for _ in range(depth):
        data = zlib.compress(data)
    return written(document(number, {4: stream(data, b"/Filter [" + b"/FlateDecode " * depth + b"]")}))


def jbig2_bomb(number: int) -> bytes:
    """A picture in JBIG2 that claims to be huge."""
    side = (20_000, 65_535, 2**31 - 1)[number % 3]
    head = struct.pack(">IBBBI", 0, 0x30, 0, 1, 19) + struct.pack(">IIIIBH", side, side, 0, 0, 0, 0)
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray" % (
        side,
        side,
    )
    return _with_picture(number, stream(head, entries + b" /Filter /JBIG2Decode"))


def picture_bomb(number: int) -> bytes:
    """A picture of tens of thousands of pixels a side in a few kilobytes."""
    side = 8_000 + 4_000 * (number % 6)
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray" % (
        side,
        side,
    )
    zeros = zlib.compress(bytes(side * ((side + 7) // 8)), 1)
    return _with_picture(number, stream(zeros, entries + b" /Filter /FlateDecode"))


def picture_that_lies(number: int) -> bytes:
    """Sizes, depths and filters that do not fit the picture's bytes."""
    width, height, bits = ((1, 2**31, 8), (2**31, 1, 8), (100, 100, 99), (-5, 100, 8), (0, 0, 0))[number % 5]
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace /DeviceRGB" % (
        width,
        height,
        bits,
    )
    coding = (b"/FlateDecode", b"/DCTDecode", b"/JPXDecode", b"/CCITTFaxDecode")[number % 4]
    return _with_picture(number, stream(random.Random(number).randbytes(400), entries + b" /Filter " + coding))


def unicode_table(number: int) -> bytes:
    """A font's table of characters with millions of entries, which lead to long texts."""
    ranges = b"100 beginbfrange\n" + b"<0000> <FFFF> <0041>\n" * (100 * (number + 1)) + b"endbfrange\n"
    table = b"/CIDInit /ProcSet findresource begin begincmap\n" + ranges + b"endcmap end\n"
    font = TYPE_0 + b" /ToUnicode 12 0 R >>"
    cid = CID + b" >>"
    return _with_font(number, {FREE: font, FREE + 1: cid, FREE + 2: flate(table)})


def glyph_widths(number: int) -> bytes:
    """Widths for more characters than there are."""
    widths = b"".join(b"%d %d 500 " % (at, at + 2**31 - 1) for at in range(5_000 * (number + 1)))
    return _with_font(number, {FREE: TYPE_0 + b" >>", FREE + 1: CID + b" /W [%s] >>" % widths})


def form_loop(number: int) -> bytes:
    """A drawing that draws itself."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 10 0 R >> >>"
    return _with_drawing(number, {FREE: stream(b"/X Do " * (number + 1), entries)})


def form_bomb(number: int) -> bytes:
    """Drawings that draw one another ten times each, ten levels deep."""
    levels = 8 + number
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>"
    forms = {FREE + at: stream(b"/X Do " * 10, entries % (FREE + at + 1)) for at in range(levels)}
    forms[FREE + levels] = stream(b"0 0 500 800 re f*", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return _with_drawing(number, forms)


def endless_drawing(number: int) -> bytes:
    """Hundreds of thousands of large shapes."""
    shape = b"%d 10 500 800 re 10 10 500 800 re f*\n" % number
    return written(document(number, {4: flate(words(number) + shape * 600_000)}))


def tiny_tiles(number: int) -> bytes:
    """A page tiled by a pattern of a thousandth of a point."""
    pattern = (
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep .00%d /YStep .001 "
        b"/Resources << >>" % (number + 1)
    )
    resources = b"/Resources << /Font << /F1 5 0 R >> /Pattern << /P 10 0 R >> >>"
    content = words(number) + b"/Pattern cs /P scn 0 0 595 842 re f\n"
    return written(document(number, {3: page(resources), 4: stream(content), FREE: stream(b"0 0 1 1 re f", pattern)}))


def text_flood(number: int) -> bytes:
    """More characters on a page than ever were printed on one."""
    lines = b"BT /F1 1 Tf 1 0 0 1 10 %d Tm (%s) Tj ET\n"
    content = b"".join(lines % (at % 800, b"flood " * 200) for at in range(200 * (number + 1)))
    return written(document(number, {4: flate(content)}))


def garbage_operators(number: int) -> bytes:
    """Content that is no content."""
    noise = random.Random(number).randbytes(2_000 * (number + 1))
    return written(document(number, {4: stream(b"q " * 5_000 + noise + b" BI /W 99999999 /H 99999999 ID " + noise)}))


def _with_picture(number: int, picture: bytes) -> bytes:
    resources = b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 10 0 R >> >>"
    content = words(number) + b"q 500 0 0 500 10 100 cm /X Do Q\n"
    return written(document(number, {3: page(resources), 4: stream(content), FREE: picture}))


def _with_drawing(number: int, forms: dict[int, bytes]) -> bytes:
    resources = b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 10 0 R >> >>"
    return written(document(number, {3: page(resources), 4: stream(words(number) + b"/X Do\n"), **forms}))


def _with_font(number: int, objects: dict[int, bytes]) -> bytes:
    resources = b"/Resources << /Font << /F1 5 0 R /F2 10 0 R >> >>"
    content = words(number) + b"BT /F2 10 Tf 60 500 Td <00410042004300440045> Tj ET\n"
    return written(document(number, {3: page(resources), 4: stream(content), **objects}))


KINDS: tuple[Kind, ...] = (
    kind(flate_bomb, ".pdf", READ, "nothing_to_read", "reader_crashed", variants=6),
    kind(flate_twice, ".pdf", READ, "nothing_to_read", "reader_crashed", variants=4),
    kind(lzw_bomb, ".pdf", READ, "nothing_to_read"),
    kind(run_length_bomb, ".pdf", READ, "nothing_to_read"),
    kind(ascii_hex_bomb, ".pdf", READ, "nothing_to_read"),
    kind(nested_filters, ".pdf", READ, "nothing_to_read"),
    kind(jbig2_bomb, ".pdf", READ),
    kind(picture_bomb, ".pdf", READ, variants=6),
    kind(picture_that_lies, ".pdf", READ),
    kind(unicode_table, ".pdf", READ),
    kind(glyph_widths, ".pdf", READ),
    kind(form_loop, ".pdf", READ),
    kind(form_bomb, ".pdf", READ, "reading_timeout", variants=2),
    kind(endless_drawing, ".pdf", "reading_timeout", variants=2),
    kind(tiny_tiles, ".pdf", READ, "reading_timeout", variants=2),
    kind(text_flood, ".pdf", READ),
    kind(garbage_operators, ".pdf", READ, "nothing_to_read"),
)
