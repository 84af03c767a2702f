"""Hostile PDF files: trees of pages with loops, lies and depths, and pages that are no pages."""

from __future__ import annotations

from tests.hostile.kinds import READ, kind
from tests.hostile.raw_pdf import FREE, document, page, stream, words, written


def page_tree_loop(number: int) -> bytes:
    """A node that is among its own children, directly or through others."""
    chain = {
        FREE + at: b"<< /Type /Pages /Parent 2 0 R /Kids [%d 0 R] /Count 1 >>" % (FREE + at + 1) for at in range(number)
    }
    chain[FREE + number] = b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"
    return written(document(number, {2: b"<< /Type /Pages /Kids [3 0 R 10 0 R] /Count 2 >>", **chain}))


def page_count_lie(number: int) -> bytes:
    """One page that says it is many, or less than none."""
    count = (10**6, 2**31 - 1, 2**31, -1, 10**12, 499)[number % 6]
    return written(document(number, {2: b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count}))


def million_pages(number: int) -> bytes:
    """The same page, again and again."""
    count = 100_000 * (number + 1)
    return written(document(number, {2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * count, count)}))


def page_tree_deep(number: int) -> bytes:
    depth = 200 * 2**number
    chain = {
        FREE + at: b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>"
        % (FREE + at - 1 if at else 2, FREE + at + 1)
        for at in range(depth)
    }
    chain[FREE + depth] = page()
    return written(document(number, {2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>", **chain}))


def empty_nodes(number: int) -> bytes:
    """Nodes without a page under them, many or nested."""
    nodes = 2_000 * (number + 1)
    empty = {FREE + at: b"<< /Type /Pages /Parent 2 0 R /Kids [] /Count 0 >>" for at in range(nodes)}
    kids = b"".join(b"%d 0 R " % name for name in empty)
    return written(document(number, {2: b"<< /Type /Pages /Kids [%s 3 0 R] /Count 1 >>" % kids, **empty}))


def huge_box(number: int) -> bytes:
    side = 200_000 * 10 ** (number % 5) + number
    return written(document(number, {3: page(box=b"[0 0 %d %d]" % (side, side))}))


def odd_box(number: int) -> bytes:
    """Boxes that are upside down, empty, endless, or no boxes."""
    box = (
        b"[595 842 0 0]",
        b"[0 0 0 0]",
        b"[-100 -100 -1 -1]",
        b"[0 0 1e38 1]",
        b"[a b c d]",
        b"[0 0]",
        b"[0 0 .0001 .0001]",
        b"null",
        b"[0 0 595 99999999999999]",
        b"[[0 0] 595 842 1]",
        b"3 0 R",
    )[number % 11]
    return written(document(number, {3: page(box=box)}))


def no_pages(number: int) -> bytes:
    entry = (b"<< /Type /Pages /Kids [] /Count 0 >>", b"null", b"[]", b"(pages)", b"<< /Type /Pages >>")[number % 5]
    return written(document(number, {2: entry, FREE: b"(%d)" % number}))


def kids_that_are_none(number: int) -> bytes:
    """Children that are texts, numbers, or not there."""
    kid = (b"99 0 R", b"(text)", b"null", b"4 0 R", b"<< >>", b"12345", b"1 0 R")[number % 7]
    return written(document(number, {2: b"<< /Type /Pages /Kids [3 0 R %s] /Count 2 >>" % kid}))


def one_broken_page(number: int) -> bytes:
    """Three pages; the one in the middle cannot be drawn."""
    pages = {
        3: page(),
        FREE: page(box=b"[0 0 %d 900000]" % (900_000 + number)),
        FREE + 1: page(content=12),
        FREE + 2: stream(words(number + 100)),
    }
    return written(document(number, {2: b"<< /Type /Pages /Kids [3 0 R 10 0 R 11 0 R] /Count 3 >>", **pages}))


def odd_turns(number: int) -> bytes:
    """Rotations and units of measure that nobody has defined."""
    entries = (
        b"/Rotate 91",
        b"/Rotate -90",
        b"/Rotate 2147483648",
        b"/UserUnit 1000000",
        b"/UserUnit -1",
        b"/Rotate (a)",
    )[number % 6]
    return written(document(number, {3: page(entries)}))


KINDS = (
    kind(page_tree_loop, ".pdf", READ, "broken_file"),
    kind(page_count_lie, ".pdf", READ, "broken_file", "too_many_pages"),
    kind(million_pages, ".pdf", "too_many_pages", "broken_file", variants=6),
    kind(page_tree_deep, ".pdf", READ, "broken_file"),
    kind(empty_nodes, ".pdf", READ, "broken_file"),
    kind(huge_box, ".pdf", "page_too_large", "broken_file", READ),
    kind(odd_box, ".pdf", READ, "broken_file", "page_too_large", "nothing_to_read"),
    kind(no_pages, ".pdf", "broken_file"),
    kind(kids_that_are_none, ".pdf", READ, "broken_file"),
    kind(one_broken_page, ".pdf", READ),
    kind(odd_turns, ".pdf", READ, "page_too_large", "broken_file", "nothing_to_read"),
)
