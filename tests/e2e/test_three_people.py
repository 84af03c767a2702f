"""The whole appliance in a real browser: a clerk, a compliance officer and an administrator, three files, one story."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import samples
from tests.e2e.box import Box
from tests.e2e.browser import chromium, log_in
from tests.e2e.watcher import Watcher

pytestmark = [pytest.mark.e2e, pytest.mark.model, pytest.mark.slow]

WORK = 180_000  # milliseconds, for reading and extracting on a busy machine
MOST_FIELDS = 200
INVOICE, RECEIPT, BROKEN, TWIN = "harbour-invoice.pdf", "bakery-scan.jpg", "broken.pdf", "the-same-again.pdf"
DRAWN = "CORNER BAKERY LTD"
"""The words that the clerk draws a box around."""


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp("box")) as running:
        yield running


def test_three_people_walk_documents_from_drop_to_log(box: Box) -> None:
    watcher = Watcher(host=f"127.0.0.1:{box.port}")
    stories: tuple[tuple[str, Callable[[Page, Box, Watcher], None]], ...] = (
        ("clara", clerk_story),
        ("olga", officer_story),
        ("adam", admin_story),
    )
    with chromium() as browser:
        for name, story in stories:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
            context.set_default_timeout(30_000)
            watcher.watch(context)
            page = context.new_page()
            page.goto(f"{box.address}/accounts/login/")
            watcher.check(page)
            log_in(page, box, name)
            story(page, box, watcher)
            context.close()
    assert watcher.serious_findings == []
    assert watcher.csp_violations == []
    assert watcher.foreign_requests == []
    assert watcher.script_errors == []
    assert len(watcher.pages_checked) >= 15


def clerk_story(page: Page, box: Box, watcher: Watcher) -> None:
    watcher.check(page)
    upload(page)
    watcher.check(page)
    row(page, INVOICE).get_by_role("link", name=INVOICE).first.press("Enter")
    expect(page.locator("#sheet image")).to_be_visible()
    watcher.check(page)
    decide_by_keyboard(page)
    finish_by_keyboard(page)
    page.goto(f"{box.address}/documents/?text={RECEIPT}")
    page.get_by_role("link", name=RECEIPT).first.press("Enter")
    correct_by_drawing(page)
    decide_by_keyboard(page)
    finish_by_keyboard(page)
    export(page, box)


def upload(page: Page) -> None:
    page.set_input_files(
        "#upload-files", [payload(INVOICE, samples.invoice_pdf()), payload(BROKEN, samples.broken_pdf())]
    )
    expect(row(page, INVOICE)).to_be_visible()
    page.set_input_files(
        "#upload-files", [payload(RECEIPT, samples.receipt_jpeg()), payload(TWIN, samples.invoice_pdf())]
    )
    expect(page.locator("#uploads .upload-line")).to_have_count(4)
    expect(page.locator("#uploads .upload-line").filter(has_text=TWIN)).to_contain_text(INVOICE)
    expect(row(page, BROKEN)).to_contain_text("Set aside", timeout=WORK)
    expect(row(page, BROKEN)).to_contain_text("This file is damaged and cannot be opened.")
    expect(row(page, INVOICE)).to_contain_text("To review", timeout=WORK)
    expect(row(page, RECEIPT)).to_contain_text("To review", timeout=WORK)


def decide_by_keyboard(page: Page) -> None:
    """Enter confirms what was found; Delete says that a missing value is not in the document."""
    for _ in range(MOST_FIELDS):
        left = page.locator("#left").inner_text()
        if left == "0":
            return
        waiting = page.locator("[data-status=to_check]").first
        if page.locator(":focus").get_attribute("data-status") != "to_check":
            waiting.focus()
        held = page.locator(":focus")
        is_found = bool(held.evaluate("input => input.value"))
        page.keyboard.press("Enter" if is_found else "Delete")
        expect(page.locator("#left")).not_to_have_text(left)
    raise AssertionError("the fields to check never ended")


def finish_by_keyboard(page: Page) -> None:
    address = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != address)


def correct_by_drawing(page: Page) -> None:
    """Fills the first field from a box that the mouse draws around the name of the shop."""
    field = page.locator('input[data-path="company"]')
    field.focus()
    stage = page.locator("#sheet").bounding_box()
    words = json.loads(page.locator("#words").inner_text())["1"]
    chosen = [word for word in words if word[0] in DRAWN.split() and word[2] < 0.25]
    assert stage is not None
    left, top = min(word[1] for word in chosen), min(word[2] for word in chosen)
    right, bottom = max(word[3] for word in chosen), max(word[4] for word in chosen)
    page.mouse.move(stage["x"] + left * stage["width"] - 4, stage["y"] + top * stage["height"] - 4)
    page.mouse.down()
    page.mouse.move(stage["x"] + right * stage["width"] + 4, stage["y"] + bottom * stage["height"] + 4, steps=6)
    page.mouse.up()
    expect(page.locator("#pick-text")).to_have_text(DRAWN)
    page.keyboard.press("Enter")
    expect(page.locator('input[data-path="company"]')).to_have_value(DRAWN)
    expect(page.locator('input[data-path="company"]')).to_have_attribute("data-status", "corrected")


def export(page: Page, box: Box) -> None:
    page.goto(f"{box.address}/documents/?text=bakery")
    page.locator("tbody .tick").first.check()
    answer = json.loads(downloaded(page, "json"))
    company = next(field for field in answer["documents"][0]["fields"] if field["field"] == "company")
    assert (company["raw"], company["page"]) == (DRAWN, 1)
    table = list(csv.reader(io.StringIO(downloaded(page, "csv").decode("utf-8-sig"))))
    assert any(DRAWN in line for line in table)
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(downloaded(page, "xlsx"))).namelist()


def downloaded(page: Page, form: str) -> bytes:
    with page.expect_download() as waiting:
        page.click(f"#bulk-export-{form}")
    content = Path(waiting.value.path()).read_bytes()
    page.reload()
    page.locator("tbody .tick").first.check()
    return content


def officer_story(page: Page, box: Box, watcher: Watcher) -> None:
    """Olga finds exactly Clara's acts, and can change nothing."""
    watcher.check(page)
    page.goto(f"{box.address}/log/?document={RECEIPT}")
    watcher.check(page)
    page.get_by_role("link", name=RECEIPT).first.click()
    expect(page.get_by_role("heading", name="Timeline of")).to_be_visible()
    page.goto(f"{page.url.partition('?')[0]}?show=all")
    watcher.check(page)
    acts = page.locator("table").first.locator("tbody tr td:nth-child(4)").all_inner_texts()
    told = [act.partition(":")[0].partition("\n")[0] for act in acts]
    assert told[:6] == [
        "Document uploaded",
        "Reading started",
        "Document read",
        "Document type set",
        "Extraction started",
        "Fields extracted",
    ]
    assert told.count("Review finished") == 1
    assert told.count("Document exported") == 3
    assert told.index("Document claimed for review") < told.index("Value confirmed or corrected")
    assert page.locator("table").first.get_by_text(DRAWN).count() >= 1
    page.locator("table").first.get_by_role("link", name="Entry").first.click()
    watcher.check(page)
    page.goto(f"{box.address}/documents/")
    expect(page.locator("#upload-files")).to_have_count(0)
    watcher.check(page)
    page.get_by_role("link", name=RECEIPT).first.click()
    expect(page.locator("#finish")).to_have_count(0)
    watcher.check(page)


def admin_story(page: Page, box: Box, watcher: Watcher) -> None:
    for path in ("/health/", "/accounts/people/", "/document-types/", "/document-types/invoice/", "/models/"):
        page.goto(box.address + path)
        watcher.check(page)
    page.goto(f"{box.address}/document-types/invoice/")
    page.get_by_role("link", name="Edit").click()
    watcher.check(page)
    for closed in ("/documents/", "/log/"):
        answer = page.goto(box.address + closed)
        assert answer is not None
        assert answer.status == 403
    watcher.check(page)


def row(page: Page, name: str) -> Locator:
    """The row of the file with this name; rows of its twins name it too, but not in the first place."""
    return page.locator("tbody tr").filter(has=page.locator(".document-name > :first-child", has_text=name))


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
