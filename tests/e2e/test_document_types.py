"""The administrator's document types in a real browser: edit by keyboard, see what changes, publish, try a sample."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.box import Box
from tests.e2e.browser import chromium, log_in
from tests.e2e.watcher import Watcher

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LABEL, NAME = "Loyalty card", "loyalty_card"
TRIAL = 120_000  # milliseconds, with the model loaded on a busy machine


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp("box")) as running:
        yield running


@pytest.fixture(scope="module")
def watcher(box: Box) -> Watcher:
    return Watcher(host=f"127.0.0.1:{box.port}")


@pytest.fixture(scope="module")
def page(box: Box, watcher: Watcher) -> Iterator[Page]:
    """Adam's browser, in the narrow window."""
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(30_000)
        watcher.watch(context)
        opened = context.new_page()
        log_in(opened, box, "adam")
        yield opened
        context.close()


def test_editing_a_type_by_keyboard_publishes_what_the_page_showed(box: Box, page: Page, watcher: Watcher) -> None:
    page.goto(f"{box.address}/document-types/receipt/edit/")
    before = labels(page)
    add_field(page)
    expect(page.locator("#preview")).to_contain_text(f"{NAME}: number on the customer's card")
    move_up(page)
    expect(rows(page).nth(len(before) - 1).get_by_label("Label", exact=True)).to_have_value(LABEL)
    assert labels(page) == [*before[:-1], LABEL, before[-1]]
    watcher.check(page)
    press(page, page.get_by_role("button", name="Save and publish…"))
    expect(page.get_by_role("heading", name="Publish version 2 of Receipt?")).to_be_visible()
    changes = page.get_by_role("region", name="Changes").locator("tbody tr")
    expect(changes.filter(has_text=NAME).filter(has_text="Added")).to_have_count(1)
    expect(page.locator(".diff-line.is-added").filter(has_text=f'"{NAME}"')).to_have_count(1)
    watcher.check(page)
    press(page, page.get_by_role("button", name="Publish version 2"))
    expect(page.get_by_role("heading", name="Receipt · version 2")).to_be_visible()
    expect(page.get_by_role("region", name="Fields", exact=True)).to_contain_text(NAME)
    watcher.check(page)
    assert_quiet(watcher)


def test_field_taken_away_leaves_the_preview(box: Box, page: Page, watcher: Watcher) -> None:
    page.goto(f"{box.address}/document-types/contract/edit/")
    last = rows(page).last.get_by_label("Name", exact=True).input_value()
    expect(page.locator("#preview")).to_contain_text(f'"{last}"')
    count = rows(page).count()
    press(page, rows(page).last.get_by_role("button", name="Remove"))
    expect(rows(page)).to_have_count(count - 1)
    expect(page.locator("#preview")).not_to_contain_text(f'"{last}"')
    watcher.check(page)
    page.once("dialog", lambda dialog: dialog.accept())  # the draft was not saved, and the browser says so
    page.goto(f"{box.address}/document-types/contract/")
    expect(page.get_by_role("heading", name="Contract · version 1")).to_be_visible()
    assert_quiet(watcher)


@pytest.mark.model
def test_trial_of_a_sample_shows_its_values(box: Box, page: Page, watcher: Watcher) -> None:
    page.goto(f"{box.address}/document-types/lab_report/1/try/")
    watcher.check(page)
    press(page, page.get_by_role("button", name="Try it"))
    values = page.get_by_role("region", name="Values").locator("tbody tr")
    expect(values.first).to_be_visible(timeout=TRIAL)
    assert values.count() >= 5
    expect(page.locator("#trial")).to_contain_text("Nothing of this is stored")
    watcher.check(page)
    assert_quiet(watcher)


def rows(page: Page) -> Locator:
    return page.locator("[data-field-row]")


def labels(page: Page) -> list[str]:
    return [row.get_by_label("Label", exact=True).input_value() for row in rows(page).all()]


def add_field(page: Page) -> None:
    """By keyboard: the new row has the focus, the name follows from the label."""
    count = rows(page).count()
    press(page, page.locator("#add-field"))
    expect(rows(page)).to_have_count(count + 1)
    label = rows(page).last.get_by_label("Label", exact=True)
    expect(label).to_be_focused()
    page.keyboard.type(LABEL)
    told = rows(page).last.get_by_label("What the model is told", exact=True)
    for _ in range(8):
        page.keyboard.press("Tab")
        if told.evaluate("control => control === document.activeElement"):
            break
    page.keyboard.type("number on the customer's card")


def move_up(page: Page) -> None:
    page.keyboard.press("Alt+ArrowUp")


def press(page: Page, button: Locator) -> None:
    """As somebody without a mouse does: the focus is visible, then Enter."""
    button.focus()
    assert button.evaluate("control => getComputedStyle(control).outlineStyle") == "solid"
    page.keyboard.press("Enter")


def assert_quiet(watcher: Watcher) -> None:
    assert watcher.serious_findings == []
    assert watcher.csp_violations == []
    assert watcher.foreign_requests == []
    assert watcher.script_errors == []
