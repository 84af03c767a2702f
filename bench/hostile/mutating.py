"""Good files, and what random damage makes of them. The same seed and number make the same bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from tests import samples
from tests.hostile.archives import contract
from tests.hostile.mail import message

NUMBERS = re.compile(rb"\d+")
ODD_NUMBERS = (b"0", b"-1", b"1", b"65535", b"65536", b"2147483647", b"2147483648", b"4294967295", b"9" * 25)
MOST_EDITS = 12


@cache
def good_files() -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of some forty files that are read without trouble."""
    made: list[tuple[str, bytes]] = [(f"invoice-{pages}.pdf", samples.invoice_pdf(pages)) for pages in (1, 2, 3, 5)]
    made += [(f"turned-{degrees}.pdf", samples.turned_pdf(degrees)) for degrees in (90, 180, 270)]
    made += [(f"photo-{at}.jpg", samples.receipt_jpeg(at)) for at in (1, 6)]
    made += [(f"scan-{degrees}.png", samples.receipt_png(degrees)) for degrees in (0, 2, 90, 180)]
    made += [(f"fax-{pages}.tif", samples.receipt_tiff(pages)) for pages in (1, 2, 3, 6)]
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252")
    made += [(f"letter-{name}.txt", samples.letter_txt(name)) for name in encodings]
    attached: tuple[list[tuple[str, bytes]] | None, ...] = (
        [],
        [("a.txt", samples.letter_txt())],
        [("b.png", samples.receipt_png())],
        None,
    )
    made += [(f"mail-{at}.eml", message(files)) for at, files in enumerate(attached)]
    made += [("mail.eml", message(html=True)), ("page.html", samples.page_html())]
    makers: tuple[Callable[[], bytes], ...] = (
        samples.two_column_pdf, samples.sideways_pdf, samples.form_pdf, samples.mixed_pdf, samples.scanned_pdf,
        samples.active_pdf,
    )  # fmt: skip
    made += [(f"{make.__name__}.pdf", make()) for make in makers]
    made += [("contract.docx", contract()), ("negative.png", samples.inverted_png())]
    return tuple(made)


def mutated(number: int, seed: int) -> tuple[str, bytes]:
    """Mutation `number` of this seed: a name, and the bytes of a good file with one to a dozen damages."""
    files = good_files()
    name, content = files[number % len(files)]
    draw = random.Random(f"{seed}/{number}")
    for _ in range(draw.randint(1, MOST_EDITS)):
        content = draw.choice(DAMAGES)(content or b"\0", draw)
    return name, content


def _flip(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.randint(1, 20)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _overwrite(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    junk = draw.choice((draw.randbytes(draw.randint(1, 64)), b"\0" * 64, b"\xff" * 64))
    return content[:at] + junk + content[at + len(junk) :]


def _insert(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + draw.randbytes(draw.randint(1, 200)) + content[at:]


def _remove(content: bytes, draw: random.Random) -> bytes:
    at, length = draw.randrange(len(content)), draw.randint(1, max(len(content) // 10, 1))
    return content[:at] + content[at + length :]


def _repeat(content: bytes, draw: random.Random) -> bytes:
    at, length = draw.randrange(len(content)), draw.randint(1, 2_000)
    return content[:at] + content[at : at + length] * draw.randint(2, 20) + content[at:]


def _cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content)) + 1]


def _numbers(content: bytes, draw: random.Random) -> bytes:
    """Numbers in plain text become odd ones: lengths, counts, offsets, object numbers."""
    places = list(NUMBERS.finditer(content))
    for place in sorted(draw.sample(places, min(len(places), 3)), key=lambda found: -found.start()):
        content = content[: place.start()] + draw.choice(ODD_NUMBERS) + content[place.end() :]
    return content


def _splice(content: bytes, draw: random.Random) -> bytes:
    """A part of another good file in the middle."""
    other = draw.choice(good_files())[1]
    start, at = draw.randrange(len(other)), draw.randrange(len(content))
    return content[:at] + other[start : start + 3_000] + content[at:]


DAMAGES = (_flip, _overwrite, _insert, _remove, _repeat, _cut, _numbers, _splice)
