"""Good files cut short at each twentieth of their length."""

from __future__ import annotations

from collections.abc import Callable

from tests import samples
from tests.hostile.archives import contract
from tests.hostile.kinds import READ, Kind
from tests.hostile.mail import message

CUTS = 19


def _cut(make: Callable[[], bytes]) -> Callable[[int], bytes]:
    def cut(number: int) -> bytes:
        whole = make()
        return whole[: len(whole) * (number + 1) // (CUTS + 1)]

    return cut


def _cut_kind(name: str, suffix: str, make: Callable[[], bytes], *ends: str) -> Kind:
    return Kind(f"cut_{name}", suffix, _cut(make), frozenset(ends), CUTS)


BROKEN = ("broken_file", "unknown_format", "nothing_to_read")
KINDS = (
    _cut_kind("pdf", ".pdf", lambda: samples.invoice_pdf(3), READ, *BROKEN),
    _cut_kind("png", ".png", samples.receipt_png, READ, *BROKEN),
    _cut_kind("jpeg", ".jpg", samples.receipt_jpeg, READ, *BROKEN),
    _cut_kind("tiff", ".tif", samples.receipt_tiff, READ, *BROKEN),
    _cut_kind("docx", ".docx", contract, *BROKEN),
    _cut_kind("mail", ".eml", message, READ, *BROKEN),
)
