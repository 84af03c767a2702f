"""The pictures in docs/screenshots: `make screenshots`, or `scripts/screenshots.py log health` for some of them.

Starts a box of its own in a temporary folder, waits until the samples are read and extracted, and looks at each page
as the person whose page it is, in a narrow and in a wide window. Chromium must be installed.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.e2e.box import Box  # noqa: E402 -- the repository is no installed package
from tests.e2e.browser import chromium, log_in  # noqa: E402

FOLDER = REPOSITORY / "docs" / "screenshots"
SIZES = ((1280, 800), (1920, 1080))
COLOURS = 256
WAIT_SECONDS = 600


@dataclass(frozen=True)
class Shot:
    """One picture: whose page it is (None: before the log-in), and how to get there from the start page."""

    name: str
    person: str | None
    go: Callable[[Page, str], None]


def at(path: str) -> Callable[[Page, str], None]:
    return lambda page, address: _visit(page, address + path)


def of_document(file_name: str, field: str) -> Callable[[Page, str], None]:
    """The review of a sample, with the cursor in one field."""

    def go(page: Page, address: str) -> None:
        _visit(page, f"{address}/documents/?text={file_name}")
        page.get_by_role("link", name=file_name).first.click()
        page.locator("#sheet image").wait_for()
        page.wait_for_load_state("networkidle")
        page.locator(f'input[data-path="{field}"]').focus()

    return go


def timeline_of(file_name: str) -> Callable[[Page, str], None]:
    def go(page: Page, address: str) -> None:
        _visit(page, f"{address}/log/?document={file_name}")
        page.get_by_role("link", name=file_name).first.click()
        page.get_by_role("heading", name="Timeline of").wait_for()

    return go


SHOTS = (
    Shot("login", None, at("/accounts/login/")),
    Shot("inbox", "clara", at("/documents/")),
    Shot("review", "clara", of_document("receipt-1.jpg", "date")),
    Shot("review-lines", "clara", of_document("invoice-1.pdf", "invoice_number")),
    Shot("log", "olga", at("/log/")),
    Shot("timeline", "olga", timeline_of("receipt-1.jpg")),
    Shot("document-types", "adam", at("/document-types/")),
    Shot("document-type-editor", "adam", at("/document-types/invoice/edit/")),
    Shot("models", "adam", at("/models/")),
    Shot("people", "adam", at("/accounts/people/")),
    Shot("health", "adam", at("/health/")),
)


def main(names: list[str]) -> int:
    known = {shot.name for shot in SHOTS}
    if not known.issuperset(names):
        print(f"These pictures exist: {', '.join(sorted(known))}.", file=sys.stderr)
        return 2
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Box(Path(folder)) as box, chromium() as browser:
        wait_for_samples(browser, box)
        for person in dict.fromkeys(shot.person for shot in shots):
            take(browser, box, [shot for shot in shots if shot.person == person])
    return 0


def wait_for_samples(browser: Browser, box: Box) -> None:
    """Returns when nothing is being read any more."""
    page = browser.new_page()
    log_in(page, box, "clara")
    deadline = time.monotonic() + WAIT_SECONDS
    while page.locator("#tile-working .tile-number").inner_text() != "0":
        if time.monotonic() > deadline:
            raise TimeoutError(f"The samples were not read within {WAIT_SECONDS} seconds.")
        page.wait_for_timeout(1000)
        page.goto(f"{box.address}/documents/")
    page.close()


def take(browser: Browser, box: Box, shots: list[Shot]) -> None:
    """The pictures of one person's pages, each in every size."""
    page = browser.new_page(reduced_motion="reduce", color_scheme="light", locale="en-GB", timezone_id="UTC")
    if shots[0].person:
        log_in(page, box, shots[0].person)
    for shot in shots:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            shot.go(page, box.address)
            path = FOLDER / f"{shot.name}-{width}.png"
            path.write_bytes(small(page.screenshot(animations="disabled", caret="hide")))
            print(f"{path.relative_to(REPOSITORY)}  {path.stat().st_size // 1024} KiB")
    page.close()


def small(picture: bytes) -> bytes:
    """The same PNG with a palette: pages have few colours, so nothing is seen to be lost."""
    packed = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _visit(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
